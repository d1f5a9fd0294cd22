#include "calibrate/kernels/gemm/fit/held_out_error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "calibrate/kernels/gemm/fit/point_choice.hpp"
#include "models/base/portable_math.hpp"

namespace orrery::calibrate::gemm::fit {

base::Spread magnitudes(std::vector<double> errors) {
  for (double& error : errors) error = std::abs(error);
  return base::spread_of(std::move(errors)).value_or(base::Spread{});
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
  errors.training = magnitudes(log_errors(fitted, products.calibration));
  std::vector<double> held_out = log_errors(fitted, products.held_out);
  errors.held_out = magnitudes(held_out);
  if (products.calibration.empty()) return errors;
  const models::gemm::ResidualTable residuals = residuals_of(fitted, products.calibration);
  for (std::size_t i = 0; i < held_out.size(); ++i)
    held_out[i] += base::portable_log(residuals.factor(products.held_out[i].work.shape));
  errors.with_residuals = magnitudes(std::move(held_out));
  return errors;
}

}  // namespace orrery::calibrate::gemm::fit
