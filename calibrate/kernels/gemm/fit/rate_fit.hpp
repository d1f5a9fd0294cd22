// Fitting one set of kernel rates to measured times of matrix products.
//
// Minimises damped squares of ln(predicted / measured) plus a prior that holds each parameter near
// what is usual (see rate_parameters.hpp): a seeded random search over the prior, then Nelder and
// Mead from its best points. Budgets are counts, so the same arguments give the same result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "calibrate/kernels/gemm/fit/rate_parameters.hpp"
#include "models/gemm/machine.hpp"
#include "models/gemm/work.hpp"

namespace orrery::calibrate::gemm::fit {

/// A measured product.
struct GemmPoint {
  models::gemm::GemmWork work;
  double seconds = 1;
};

/// ln(predicted / measured) of each point by the cost model without its residuals.
std::vector<double> log_errors(const models::gemm::GemmMachine& machine,
                               std::span<const GemmPoint> points);

/// The residuals that `machine` leaves on `points`.
models::gemm::ResidualTable residuals_of(const models::gemm::GemmMachine& machine,
                                         std::span<const GemmPoint> points);

struct GemmFitOptions {
  std::uint64_t seed = 1;
  double residual = 0.05;     ///< log error at which a point starts to count as an outlier
  double prior_weight = 0.3;  ///< of a standard deviation of the prior, against one such residual
  int draws = 300;            ///< of the random search
  int starts = 3;             ///< best draws from which the local method begins
  int evaluations = 500;      ///< of the local method from each start
  std::size_t folds = 6;      ///< of the cross-validation that chooses the form
  /// The machine's order of tiles is a fact of its kernels and not to be chosen; that of strips
  /// always is.
  bool order_known = false;
  /// Forms whose left-out error is within this fraction of the lowest count as equally good.
  double indifference = 0.01;
};

/// Throws base::Error where there are fewer points than half the free parameters of the form or a
/// time is not above 0.
void check_points(std::span<const GemmPoint> points, const GemmForm& form);

/// Fits one family of rates (of dense kernels, or of 2:4 kernels where the points are such) with
/// the form as given. Points of the other family are an error of the caller. Throws as
/// check_points does.
models::gemm::GemmMachine fit_rates(std::span<const GemmPoint> points,
                                    const models::gemm::GemmMachine& machine,
                                    const RatePriors& priors, const GemmForm& form,
                                    const GemmFitOptions& options);

}  // namespace orrery::calibrate::gemm::fit
