// How much each weight of a layer matters: what pruning ranks by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace orrery::models::sparsity {

/// Importance of each element of a K x N weight matrix, row after row. Finite and not negative;
/// `values.size()` is rows * columns.
struct Scores {
  std::string name;
  std::int32_t rows = 0;     ///< K
  std::int32_t columns = 0;  ///< N
  std::vector<float> values;

  const float* row(std::int32_t k) const {
    return values.data() + static_cast<std::size_t>(k) * static_cast<std::size_t>(columns);
  }
};

/// The shape of a layer's weight matrix.
struct LayerShape {
  std::string name;
  std::int32_t rows = 0;     ///< K
  std::int32_t columns = 0;  ///< N
};

/// A convolution as a matrix product (im2col): K = height * width * input channels, N = output
/// channels; the input channel is the fastest part of a row's number (read: artifact). Throws
/// std::invalid_argument where a size is below 1 or K does not fit 31 bits.
LayerShape convolution_shape(std::string name, std::int32_t height, std::int32_t width,
                             std::int32_t input_channels, std::int32_t output_channels);

/// The 72 matrices of BERT-base's encoder: 12 layers of query, key, value, output (768 x 768), up
/// (768 x 3072) and down (3072 x 768); 85 M elements.
std::vector<LayerShape> bert_base_shapes();

}  // namespace orrery::models::sparsity
