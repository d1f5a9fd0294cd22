#include "calibrate/kernels/gemm/fit/fitted_costs.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "calibrate/kernels/gemm/fit/gemm_fit.hpp"
#include "calibrate/kernels/gemm/fit/nested_errors.hpp"
#include "calibrate/kernels/gemm/fit/unfitted.hpp"
#include "models/base/portable_math.hpp"
#include "models/gemm/machine_profile.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

using models::gemm::GemmKernel;

/// One family of products.
struct Family {
  GemmCalibration calibration;
  std::vector<double> spreads;  ///< of those that have one
};

models::ErrorSpread spread_of(std::vector<double> values) {
  const GemmError quantiles =
      gemm_error(std::move(values));  // of magnitudes: these are none below 0
  return {quantiles.median, quantiles.p90};
}

/// |predicted / measured - 1| from logarithms.
models::ErrorSpread relative(std::vector<double> log_errors) {
  for (double& error : log_errors) error = base::portable_exp(error) - 1;
  return spread_of(std::move(log_errors));
}

}  // namespace

std::vector<models::FittedCost> fitted_costs(std::span<const TimedProduct> products,
                                             const models::gemm::GemmMachine& machine,
                                             const RatePriors& priors,
                                             const GemmFitOptions& options) {
  bool csr = false;
  std::vector<GemmPoint> points;
  std::vector<Family> families(2, Family{{{}, machine, priors}, {}});
  for (const TimedProduct& product : products) {
    points.push_back(product.point);
    if (product.point.work.kernel == GemmKernel::csr) {
      csr = true;
      continue;
    }
    Family& family = families[product.point.work.two_of_four() ? 1 : 0];
    family.calibration.points.push_back(product.point);
    if (product.spread) family.spreads.push_back(*product.spread);
  }
  const GemmFit fit = fit_gemm(points, machine, priors, options);
  std::vector<GemmCalibration> calibrations;
  for (const Family& family : families)
    if (!family.calibration.points.empty()) calibrations.push_back(family.calibration);
  std::vector<std::vector<double>> errors = nested_errors(calibrations, options);
  std::vector<models::FittedCost> costs = models::gemm::gemm_costs(fit.machine);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    costs[i].form = to_string(fit.form);
    keep_unfitted_as_constants(costs[i], fit.form, csr);
    costs[i].points = calibrations[i].points.size();
    costs[i].held_out = relative(std::move(errors[i]));
    if (!families[i].spreads.empty()) costs[i].repeats = spread_of(std::move(families[i].spreads));
  }
  return costs;
}

}  // namespace orrery::calibrate::gemm::fit
