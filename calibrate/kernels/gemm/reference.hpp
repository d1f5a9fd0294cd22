// The plain product in double precision, which every kernel is compared with.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/sparsity/tile_layout.hpp"

namespace orrery::calibrate::gemm {

/// W[K, N] with everything that `layout` does not keep set to zero.
std::vector<float> masked(const models::sparsity::TileLayout& layout,
                          std::span<const float> weights);

/// Y^T[N, M] = W^T X^T of a dense W[K, N], X^T[K, M], summed in double in the order of K.
std::vector<double> reference_product(std::span<const float> weights, std::span<const float> x,
                                      std::int64_t rows, std::int64_t columns, std::int64_t tokens);

/// Norm of the difference over the norm of `wanted` (Frobenius); the difference itself where
/// `wanted` is all zero.
double relative_error(std::span<const float> found, std::span<const double> wanted);

}  // namespace orrery::calibrate::gemm
