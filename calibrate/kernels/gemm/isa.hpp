// The instruction sets that the micro-kernels exist for, and which of them this machine runs.
#pragma once

#include <string_view>
#include <vector>

namespace orrery::calibrate::gemm {

enum class Isa { scalar, avx2, avx512 };

/// `scalar`, `avx2` or `avx512`.
std::string_view to_string(Isa isa);

/// The sets that this binary holds and this machine runs, slowest first; `scalar` always.
const std::vector<Isa>& available_isas();

/// The last of `available_isas()`.
Isa best_isa();

}  // namespace orrery::calibrate::gemm
