// Which products the calibrator measures on a GPU, and how their times are fitted. Runs anywhere:
// what needs the GPU itself is cuda/cuda_kernel.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "calibrate/kernels/gemm/product_point.hpp"
#include "models/gemm/machine.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate::gemm {

/// docs/systems/tvw.md, "Calibration points": dense products over M and (N, K), TW and TVW at
/// 4096^3 over sparsity and G, 2:4 at 4096^3 and 8192^3; and, OURS, 2:4 and pruned products of
/// smaller M, so that the rates of each family can be fitted with some left out. First those that
/// span the space.
std::vector<ProductPoint> gpu_products();

/// What the driver says of a GPU.
struct GpuConstants {
  std::int32_t multiprocessors = 1;
  double cache_bytes = 0;              ///< second level
  double memory_bytes_per_second = 1;  ///< of the memory's clock and width
};

/// The GPU as the cost model of our own kernels sees it, rates not yet fitted: tiles of 128 tokens
/// by 128 or 64 outputs, 32 rows of K at once, all tokens of a band before the next; K is not cut.
/// Two blocks to a multiprocessor, as registers allow (cuda/cost_estimate.hpp).
models::gemm::GemmMachine gpu_machine(const GpuConstants& constants);

/// Variants `dense` and, where such were measured, `two-of-four` of these points. Throws
/// base::Error where they do not suffice.
std::vector<models::FittedCost> fit_gpu_products(std::span<const MeasuredPoint> points,
                                                 const GpuConstants& constants, std::uint64_t seed);

}  // namespace orrery::calibrate::gemm
