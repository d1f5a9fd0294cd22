#include "calibrate/kernels/gemm/fit/held_out_error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "calibrate/kernels/gemm/fit/point_choice.hpp"
#include "models/base/portable_math.hpp"

namespace orrery::calibrate::gemm::fit {

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

HoldOut hold_out(const std::vector<GemmPoint>& points, std::size_t count, std::uint64_t seed) {
  std::vector<models::gemm::GemmShape> shapes;
  for (const GemmPoint& point : points) shapes.push_back(point.work.shape);
  const std::vector<std::size_t> chosen = spread_points(shapes, count, seed);
  HoldOut products;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool fitted = std::binary_search(chosen.begin(), chosen.end(), i);
    (fitted ? products.calibration : products.held_out).push_back(points[i]);
  }
  return products;
}

TrialErrors errors_of(const models::gemm::GemmMachine& fitted, const HoldOut& products) {
  TrialErrors errors;
  errors.training = gemm_error(log_errors(fitted, products.calibration));
  std::vector<double> held_out = log_errors(fitted, products.held_out);
  errors.held_out = gemm_error(held_out);
  if (products.calibration.empty()) return errors;
  const models::gemm::ResidualTable residuals = residuals_of(fitted, products.calibration);
  for (std::size_t i = 0; i < held_out.size(); ++i)
    held_out[i] += base::portable_log(residuals.factor(products.held_out[i].work.shape));
  errors.with_residuals = gemm_error(std::move(held_out));
  return errors;
}

}  // namespace orrery::calibrate::gemm::fit
