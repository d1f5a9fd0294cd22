// Corrections of the cost model from the residuals of the products it was fitted to.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "models/gemm/work.hpp"

namespace orrery::models::gemm {

/// The residuals of a calibration, looked up by the nearest shapes
/// (docs/systems/tvw.md, "Cost model": k nearest neighbours over log M, log N, log K, weight 0.5; k
/// = 3 and weights by inverse distance are ours). Errors of the model are reported with it and
/// without.
class ResidualTable {
 public:
  /// No residuals: the factor is 1 everywhere.
  ResidualTable() = default;
  /// `log_residuals`: ln(measured / predicted) of each shape; as many as shapes.
  ResidualTable(std::vector<GemmShape> shapes, std::vector<double> log_residuals);

  /// The factor on the model's seconds for a shape: exp(0.5 * mean residual of its neighbours).
  double factor(const GemmShape& shape) const;

  const std::vector<GemmShape>& shapes() const { return shapes_; }
  const std::vector<double>& log_residuals() const { return log_residuals_; }
  bool operator==(const ResidualTable&) const = default;

 private:
  std::vector<GemmShape> shapes_;
  std::vector<double> log_residuals_;
  std::vector<std::array<double, 3>> logs_;
};

}  // namespace orrery::models::gemm
