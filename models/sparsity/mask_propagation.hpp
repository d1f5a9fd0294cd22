// What pruned outputs of one layer spare the next.
//
// Assumption: between the two layers stands only what keeps zeros zero and channels apart (ReLU,
// GELU, dropout, pooling of each channel). A bias, a normalisation or a residual sum in between
// makes a pruned output differ from zero, and nothing may be dropped.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sparsity/tile_layout.hpp"

namespace orrery::models::sparsity {

/// For each output column whether it can differ from zero: some panel with rows names it.
std::vector<std::uint8_t> live_outputs(const TileLayout& layout);

/// The layout of the next layer without the rows whose input is zero for certain. Row k reads input
/// k % live_inputs.size(), which is the identity for a matrix and the input channel of a
/// convolution (scores.hpp). Panels stay, even without rows. In a layout of 2:4 groups only whole
/// groups of dead rows go, because the groups would form anew otherwise. Throws
/// std::invalid_argument where the next layer's rows are not a multiple of the inputs.
TileLayout drop_dead_rows(const TileLayout& next, const std::vector<std::uint8_t>& live_inputs);

}  // namespace orrery::models::sparsity
