// The free parameters of a set of kernel rates, as numbers without bounds around what is usual.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/gemm/machine.hpp"

namespace orrery::calibrate::gemm::fit {

/// Which terms of the cost model a fit may use beside the seven of docs/systems/tvw.md,
/// "Cost model" (all of them ours). The terms were thought out on the INT8 and FP8 tables of the
/// public measurements, whose BF16 tables had been looked at before for what their errors are;
/// which of them a fit uses, only its own calibration points decide.
struct GemmForm {
  bool cache = false;     ///< cache_speedup
  bool latency = false;   ///< row_seconds, split_seconds
  bool throttle = false;  ///< throttle_depth, throttle_seconds
  bool gather = false;    ///< gather_efficiency: only where gathered products were measured
  models::gemm::TileOrder order = models::gemm::TileOrder::panels;

  bool operator==(const GemmForm&) const = default;
};

/// `tile model` (docs/systems/tvw.md, "Cost model"), or `tile model + cache + throttle, tiles in
/// blocks`.
std::string to_string(const GemmForm& form);

/// Where the search begins, its width, and what a machine's data sheet says.
struct RatePriors {
  models::gemm::KernelRates centre;
  /// What no product can beat, for P_eff.
  double peak_flops_per_second = 1e15;
};

/// Priors from data sheets (ours): 4 microseconds to start, 80 % of the peak rate and of the
/// bandwidth. `peak_flops_per_second` of the dense unit, for 2:4 kernels too: they take half of K.
RatePriors usual_rates(double peak_flops_per_second);

/// The number of free parameters of a form.
std::size_t free_parameters(const GemmForm& form);

/// The rates at `z`, whose components are standard deviations from the prior's centre; z = 0 is the
/// centre itself. Positive numbers move on a logarithmic scale, fractions on a logistic one, so any
/// z gives rates that pass models::gemm::check.
models::gemm::KernelRates rates_at(const std::vector<double>& z, const GemmForm& form,
                                   const RatePriors& priors);

}  // namespace orrery::calibrate::gemm::fit
