// Corrections of the cost model from the residuals of the points it was fitted to.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "calibrate/fit/gemm/rate_fit.hpp"
#include "models/gemm/work.hpp"

namespace orrery::calibrate::fit {

/// The residuals of a calibration, looked up by the nearest shapes (section 6: k nearest neighbours
/// over log M, log N, log K, weight 0.5; k = 3 and weights by inverse distance are ours). Reported
/// beside the model, never instead of it.
class ResidualTable {
 public:
  /// `log_residuals`: ln(measured / predicted) of each shape. At least one.
  ResidualTable(std::vector<models::gemm::GemmShape> shapes, std::vector<double> log_residuals);

  /// The residuals that `machine` leaves on `points`.
  static ResidualTable of(const models::gemm::GemmMachine& machine,
                          std::span<const GemmPoint> points);

  /// The factor on the model's seconds for a shape: exp(0.5 * mean residual of its neighbours).
  double factor(const models::gemm::GemmShape& shape) const;

  const std::vector<models::gemm::GemmShape>& shapes() const { return shapes_; }
  const std::vector<double>& log_residuals() const { return log_residuals_; }

 private:
  std::vector<models::gemm::GemmShape> shapes_;
  std::vector<double> log_residuals_;
  std::vector<std::array<double, 3>> logs_;
};

}  // namespace orrery::calibrate::fit
