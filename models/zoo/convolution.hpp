// Layers of residual convolutional networks.
#pragma once

#include <array>

#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// Dimensions of a residual network with bottleneck or basic blocks.
struct ResidualShape {
  double channels = 64;         ///< C: of the first group; doubles with each of the four groups
  double width_factor = 1;      ///< W: widens the 3x3 convolution of a bottleneck
  std::array<int, 4> blocks{};  ///< per group
  bool bottleneck = true;       ///< 1x1, 3x3, 1x1 with 4 C outputs; else two 3x3
  double image = 224;           ///< pixels of a side
  bool small_stem = false;      ///< 3x3 without pooling, as for CIFAR; else 7x7, stride 2, pooling
  double classes = 1000;
  double bytes_per_element = 4;
};

/// Stem, one layer for each residual block, head.
std::vector<Layer> residual_layers(const ResidualShape& shape);

}  // namespace orrery::models
