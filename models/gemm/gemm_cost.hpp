// What a matrix product costs on a device: seconds, achieved operations per second, bytes.
//
// t = t0 + max(T_comp, T_mem) + rho * min(T_comp, T_mem) + (launches - 1) * t_l,
// docs/systems/tvw.md, "Cost model" (ours, not the papers'). A fast pure function: 1 to 10
// microseconds for a dense product, some 20 for a layout of a hundred unequal panels.
#pragma once

#include <cstdint>
#include <optional>

#include "models/gemm/machine.hpp"
#include "models/gemm/traffic.hpp"
#include "models/gemm/work.hpp"

namespace orrery::models::gemm {

/// A product's cost and how it came about.
struct GemmCost {
  double seconds = 0;
  double compute_seconds = 0;  ///< T_comp
  double memory_seconds = 0;   ///< T_mem
  /// 2 M N K of the dense product over `seconds`: what a caller of the layer sees.
  double dense_flops_per_second = 0;
  /// The same of the weights that are kept.
  double achieved_flops_per_second = 0;
  Traffic traffic;
  Tile tile;               ///< the candidate that was fastest
  std::int32_t split = 1;  ///< of K
};

/// The rates that `work` runs at on this machine.
const KernelRates& rates_of(const GemmMachine& machine, GemmKernel kernel);

/// P_eff of gathered rows over that of contiguous ones: g where every kept row stands alone,
/// growing to 1 with the mean length of runs, 1 - (1 - g) / run (the form is ours). Sparser panels
/// have shorter runs: a product still falls with sparsity, but by whole steps of K only.
double gather_factor(double gather_efficiency, double mean_run);

/// The cost with one tile and split. CSR ignores both. Work with no panel costs its launches and
/// its output.
GemmCost gemm_cost(const GemmWork& work, const GemmMachine& machine, const Tile& tile,
                   std::int32_t split = 1);

/// The cost with the fastest candidate: of all tiles and, for dense and 2:4 kernels, all splits of
/// K that leave each part at least one step. The order of strips has no candidates: its tiles
/// are the first one and what the last strip may be instead.
GemmCost uncorrected_cost(const GemmWork& work, const GemmMachine& machine);

/// The same, corrected by the machine's residuals where it has some: what a calibrated device is
/// asked for.
GemmCost gemm_cost(const GemmWork& work, const GemmMachine& machine);

}  // namespace orrery::models::gemm
