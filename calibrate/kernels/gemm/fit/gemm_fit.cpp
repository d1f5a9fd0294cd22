#include "calibrate/kernels/gemm/fit/gemm_fit.hpp"

#include <algorithm>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/statistics.hpp"
#include "models/gemm/gemm_cost.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

using models::gemm::GemmKernel;
using models::gemm::GemmMachine;

/// Useful operations per second beyond the start and what memory adds, the median of the products;
/// 0 where there is none.
double csr_rate(std::span<const GemmPoint> points, GemmMachine machine) {
  machine.csr_flops_per_second = 1;  // its seconds are then operations
  std::vector<double> rates;
  for (const GemmPoint& point : points) {
    if (point.work.kernel != GemmKernel::csr) continue;
    const models::gemm::GemmCost cost = models::gemm::gemm_cost(point.work, machine);
    const double other =
        machine.dense.start_seconds + machine.dense.overlap_loss * cost.memory_seconds;
    // A product that hardly lasts longer than the start says little of the rate.
    rates.push_back(cost.compute_seconds / std::max(point.seconds - other, 0.1 * point.seconds));
  }
  return rates.empty() ? 0 : base::median(std::move(rates));
}

}  // namespace

GemmFit fit_gemm(std::span<const GemmPoint> points, const GemmMachine& machine,
                 const RatePriors& priors, const GemmFitOptions& options) {
  GemmCalibration dense{{}, machine, priors};
  GemmCalibration sparse{{}, machine, priors};
  for (const GemmPoint& point : points)
    if (point.work.kernel != GemmKernel::csr)
      (point.work.two_of_four() ? sparse : dense).points.push_back(point);
  if (dense.points.empty())
    throw base::Error({machine.name, 0, 0, "points"},
                      "found no dense product, expected measured ones: their rates are the base");
  std::vector<GemmCalibration> calibrations = {std::move(dense)};
  if (!sparse.points.empty()) calibrations.push_back(std::move(sparse));
  FormChoice choice = choose_form(calibrations, options);
  GemmFit fit;
  fit.form = choice.form;
  fit.scores = std::move(choice.scores);
  fit.dense = magnitudes(std::move(choice.left_out.front()));
  fit.machine = machine;
  for (const GemmCalibration& calibration : calibrations)
    fit.machine =
        fit_rates(calibration.points, fit.machine, calibration.priors, choice.form, options);
  if (calibrations.size() > 1) fit.two_of_four = magnitudes(std::move(choice.left_out.back()));
  const double csr = csr_rate(points, fit.machine);
  if (csr > 0) fit.machine.csr_flops_per_second = csr;
  return fit;
}

}  // namespace orrery::calibrate::gemm::fit
