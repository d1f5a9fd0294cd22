#include "models/gemm/residual_table.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "models/base/portable_math.hpp"

namespace orrery::models::gemm {

namespace {

constexpr std::size_t kNeighbours = 3;
constexpr double kWeight = 0.5;
constexpr double kSofter = 0.1;  // added to distances: no neighbour outweighs all others

std::array<double, 3> logs_of(const GemmShape& shape) {
  return {base::portable_log(static_cast<double>(shape.m)),
          base::portable_log(static_cast<double>(shape.n)),
          base::portable_log(static_cast<double>(shape.k))};
}

double distance(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  double sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return std::sqrt(sum);
}

}  // namespace

ResidualTable::ResidualTable(std::vector<GemmShape> shapes, std::vector<double> log_residuals)
    : shapes_(std::move(shapes)), log_residuals_(std::move(log_residuals)) {
  assert(shapes_.size() == log_residuals_.size());
  for (const GemmShape& shape : shapes_) logs_.push_back(logs_of(shape));
}

double ResidualTable::factor(const GemmShape& shape) const {
  if (shapes_.empty()) return 1;
  const std::array<double, 3> at = logs_of(shape);
  std::vector<std::pair<double, std::size_t>> near;  // distance, index
  for (std::size_t i = 0; i < logs_.size(); ++i) near.emplace_back(distance(at, logs_[i]), i);
  const std::size_t count = std::min(kNeighbours, near.size());
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(count), near.end());
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double weight = 1 / (near[i].first + kSofter);
    sum += weight * log_residuals_[near[i].second];
    weights += weight;
  }
  return base::portable_exp(kWeight * sum / weights);
}

}  // namespace orrery::models::gemm
