// How far the cost model is from products that its fit did not see.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "calibrate/fit/gemm/gemm_fit.hpp"

namespace orrery::calibrate::fit {

/// Errors |ln(predicted / measured)| as fractions, percentiles of type 7.
struct GemmError {
  double median = 0;
  double p90 = 0;
  std::size_t count = 0;
};

/// Of logarithmic errors with their signs; all zero where there is none.
GemmError gemm_error(std::vector<double> log_errors);

/// A fit to some of the products, tried on the others.
struct TriedFit {
  GemmFit fit;
  std::vector<std::size_t> calibration;  ///< indices of the fitted products, ascending
  GemmError training;                    ///< on those: for information, nothing is chosen by it
  GemmError held_out;                    ///< on all others
  GemmError held_out_with_residuals;     ///< on all others, with the residual table on top
};

/// Chooses `count` of `points` by spread_points with options.seed, fits them with fit_gemm, and
/// tries the fit on the rest. Shapes should stand once.
TriedFit try_fit(const std::vector<GemmPoint>& points, std::size_t count,
                 const models::gemm::GemmMachine& machine, const RatePriors& priors,
                 const GemmFitOptions& options);

}  // namespace orrery::calibrate::fit
