// Where a kernel that gives wrong results reads instead: for the first run on a device, where what
// fragments.hpp and wgmma_layout.hpp take from documents meets the hardware.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/cuda/packing.hpp"

namespace orrery::calibrate::gemm_cuda {

/// Multiplies: X^T as [probe_rows][tokens], tokens a multiple of 8, to Y^T as
/// [probe_columns][tokens].
using ProbeLaunch = std::function<std::vector<std::uint16_t>(
    const PackedWeight& packed, std::span<const std::uint16_t> x, std::int64_t tokens)>;

inline constexpr int probe_rows = 64;
inline constexpr int probe_columns = 128;

struct ProbeResult {
  std::int64_t wrong = 0;          ///< results that are not what they should be
  std::vector<std::string> lines;  ///< the first of them, and what they were made of
};

/// Weights with a single one per output, `shifts` (1 to 64) different ones, against activations
/// that count rows, then tokens, and weights that count outputs: each result names the row, the
/// token and the output that it was made of. fp16, in which these numbers are exact.
ProbeResult probe(Family family, bool sparse, std::int64_t tokens, int shifts,
                  const ProbeLaunch& launch);

}  // namespace orrery::calibrate::gemm_cuda
