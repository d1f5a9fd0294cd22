// Weights for orrery-gemm-gpu: seeded, never zeros. Its layouts are those of
// kernels/gemm/layouts.hpp.
#pragma once

#include <vector>

#include "calibrate/kernels/gemm/cuda/number16.hpp"
#include "models/base/random.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::calibrate::gemm_cuda {

struct BenchCase {
  models::sparsity::TileLayout layout;
  std::vector<float> weights;  ///< rows x columns; zero outside the layout's pattern
};

/// Normal weights on the layout's positions; with `two_of_four` the two largest of every four kept
/// rows of a column remain and the layout is marked so.
BenchCase fill(base::RandomStream& random, models::sparsity::TileLayout layout, bool two_of_four);
/// Normal weights, each block x block kept so that every line of blocks holds equally many.
std::vector<float> block_weights(base::RandomStream& random, std::int32_t rows,
                                 std::int32_t columns, int block, double sparsity);
/// Normal weights, each kept with probability 1 - sparsity.
std::vector<float> element_weights(base::RandomStream& random, std::int32_t rows,
                                   std::int32_t columns, double sparsity);
/// [rows][pitch] normal numbers in 16 bits.
std::vector<std::uint16_t> activations(base::RandomStream& random, std::int32_t rows,
                                       std::int64_t tokens, Number number);

}  // namespace orrery::calibrate::gemm_cuda
