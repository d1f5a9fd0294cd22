#include "calibrate/fit/gemm/held_out_error.hpp"

#include <algorithm>
#include <cmath>

#include "calibrate/fit/gemm/point_choice.hpp"
#include "calibrate/fit/gemm/residual_table.hpp"
#include "models/base/portable_math.hpp"

namespace orrery::calibrate::fit {

namespace {

/// Linear between order statistics (type 7); `sorted` is not empty.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

GemmError gemm_error(std::vector<double> log_errors) {
  if (log_errors.empty()) return {};
  for (double& error : log_errors) error = std::abs(error);
  std::sort(log_errors.begin(), log_errors.end());
  return {quantile(log_errors, 0.5), quantile(log_errors, 0.9), log_errors.size()};
}

TriedFit try_fit(const std::vector<GemmPoint>& points, std::size_t count,
                 const models::gemm::GemmMachine& machine, const RatePriors& priors,
                 const GemmFitOptions& options) {
  std::vector<models::gemm::GemmShape> shapes;
  for (const GemmPoint& point : points) shapes.push_back(point.work.shape);
  TriedFit tried;
  tried.calibration = spread_points(shapes, count, options.seed);
  std::vector<GemmPoint> seen;
  std::vector<GemmPoint> others;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool fitted = std::binary_search(tried.calibration.begin(), tried.calibration.end(), i);
    (fitted ? seen : others).push_back(points[i]);
  }
  tried.fit = fit_gemm(seen, machine, priors, options);
  tried.training = gemm_error(log_errors(tried.fit.machine, seen));
  std::vector<double> errors = log_errors(tried.fit.machine, others);
  tried.held_out = gemm_error(errors);
  const ResidualTable residuals = ResidualTable::of(tried.fit.machine, seen);
  for (std::size_t i = 0; i < others.size(); ++i)
    errors[i] += base::portable_log(residuals.factor(others[i].work.shape));
  tried.held_out_with_residuals = gemm_error(errors);
  return tried;
}

}  // namespace orrery::calibrate::fit
