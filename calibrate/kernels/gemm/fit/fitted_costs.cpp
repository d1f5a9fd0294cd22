#include "calibrate/kernels/gemm/fit/fitted_costs.hpp"

#include <utility>

#include "calibrate/fit/by_variant.hpp"
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
  std::vector<MeasuredPoint> measured;
};

/// What is predicted of each product, from ln(predicted / measured).
std::vector<double> predicted(const Family& family, const std::vector<double>& log_errors) {
  std::vector<double> seconds;
  for (std::size_t i = 0; i < log_errors.size(); ++i)
    seconds.push_back(family.measured[i].seconds * base::portable_exp(log_errors[i]));
  return seconds;
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
    points.push_back({product.work, product.measured.seconds});
    if (product.work.kernel == GemmKernel::csr) {
      csr = true;
      continue;
    }
    Family& family = families[product.work.two_of_four() ? 1 : 0];
    family.calibration.points.push_back(points.back());
    family.measured.push_back(product.measured);
  }
  const GemmFit fit = fit_gemm(points, machine, priors, options);
  std::erase_if(families, [](const Family& family) { return family.measured.empty(); });
  std::vector<GemmCalibration> calibrations;
  for (const Family& family : families) calibrations.push_back(family.calibration);
  const std::vector<std::vector<double>> errors = nested_errors(calibrations, options);
  std::vector<models::FittedCost> costs = models::gemm::gemm_costs(fit.machine);
  for (std::size_t i = 0; i < costs.size(); ++i) {
    costs[i].form = to_string(fit.form);
    keep_unfitted_as_constants(costs[i], fit.form, csr);
    costs[i] =
        with_errors({std::move(costs[i]), predicted(families[i], errors[i])}, families[i].measured);
  }
  return costs;
}

}  // namespace orrery::calibrate::gemm::fit
