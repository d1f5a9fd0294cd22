#include "calibrate/timing/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/profile/profile_warnings.hpp"

namespace orrery::calibrate {

double percentile(std::vector<double> values, double share) {
  if (values.empty()) throw std::invalid_argument("a percentile needs a value");
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

double repeat_spread(const std::vector<double>& seconds) {
  return (percentile(seconds, 0.9) - percentile(seconds, 0.1)) / percentile(seconds, 0.5);
}

models::ErrorSpread spread_over(std::span<const MeasuredPoint> points) {
  std::vector<double> spreads;
  for (const MeasuredPoint& point : points) spreads.push_back(point.spread);
  return {percentile(spreads, 0.5), percentile(spreads, 0.9)};
}

bool noisy(const models::ErrorSpread& spread) {
  return spread.median > models::kWideSpread.median || spread.p90 > models::kWideSpread.p90;
}

}  // namespace orrery::calibrate
