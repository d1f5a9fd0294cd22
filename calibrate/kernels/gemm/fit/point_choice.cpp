#include "calibrate/kernels/gemm/fit/point_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

double square_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace

std::vector<std::vector<double>> log_shapes(const std::vector<models::gemm::GemmShape>& shapes) {
  std::vector<std::vector<double>> points;
  for (const models::gemm::GemmShape& shape : shapes) {
    points.push_back({base::portable_log(static_cast<double>(shape.m)),
                      base::portable_log(static_cast<double>(shape.n)),
                      base::portable_log(static_cast<double>(shape.k))});
  }
  const double count = static_cast<double>(points.size());
  for (std::size_t d = 0; d < 3; ++d) {
    double mean = 0;
    for (const auto& point : points) mean += point[d] / count;
    double variance = 0;
    for (const auto& point : points) variance += (point[d] - mean) * (point[d] - mean) / count;
    const double spread = std::sqrt(variance);
    for (auto& point : points) point[d] = spread > 0 ? point[d] / spread : 0;
  }
  return points;
}

std::vector<std::size_t> spread_points(const std::vector<models::gemm::GemmShape>& shapes,
                                       std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> chosen;
  if (count >= shapes.size()) {
    chosen.resize(shapes.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    return chosen;
  }
  const auto points = log_shapes(shapes);
  base::RandomStream random(seed, "gemm calibration points");
  std::vector<double> nearest(shapes.size(), std::numeric_limits<double>::infinity());
  std::size_t next = static_cast<std::size_t>(random.below(shapes.size()));
  while (chosen.size() < count) {
    chosen.push_back(next);
    for (std::size_t i = 0; i < points.size(); ++i)
      nearest[i] = std::min(nearest[i], square_distance(points[i], points[next]));
    next = static_cast<std::size_t>(
        std::distance(nearest.begin(), std::max_element(nearest.begin(), nearest.end())));
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace orrery::calibrate::gemm::fit
