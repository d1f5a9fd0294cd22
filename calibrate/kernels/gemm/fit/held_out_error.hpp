// How far the cost model is from products that its fit did not see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "calibrate/kernels/gemm/fit/rate_fit.hpp"
#include "models/base/statistics.hpp"

namespace orrery::calibrate::gemm::fit {

/// The spread of the magnitudes of errors with their signs; all zero where there is none.
base::Spread magnitudes(std::vector<double> errors);

/// Products divided for a trial.
struct HoldOut {
  std::vector<GemmPoint> calibration;  ///< to fit
  std::vector<GemmPoint> held_out;     ///< to try the fit on
};

/// Chooses `count` of `points` to fit, by spread_points of their shapes and the seed. A shape
/// should stand once, or its times would be on both sides.
HoldOut hold_out(const std::vector<GemmPoint>& points, std::size_t count, std::uint64_t seed);

/// |ln(predicted / measured)| on fitted products and on others.
struct TrialErrors {
  base::Spread training;  ///< on the fitted products: for information, nothing is chosen by it
  base::Spread held_out;  ///< on the others, by the model alone
  base::Spread with_residuals;  ///< on the others, with the residual table of the fitted on top
};
TrialErrors errors_of(const models::gemm::GemmMachine& fitted, const HoldOut& products);

}  // namespace orrery::calibrate::gemm::fit
