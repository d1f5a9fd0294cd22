#include "models/base/statistics.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace orrery::base {

double QuantileRanks::between(double lower_value, double upper_value) const {
  // Two infinities have no difference, and equals need none.
  if (fraction == 0 || lower_value == upper_value) return lower_value;
  return lower_value + fraction * (upper_value - lower_value);
}

QuantileRanks quantile_ranks(std::size_t count, double p) {
  assert(count > 0 && p >= 0 && p <= 1);
  const double position = p * static_cast<double>(count - 1);
  const auto lower = static_cast<std::size_t>(position);
  return {lower, std::min(lower + 1, count - 1), position - static_cast<double>(lower)};
}

double sorted_quantile(std::span<const double> ascending, double p) {
  const QuantileRanks ranks = quantile_ranks(ascending.size(), p);
  return ranks.between(ascending[ranks.lower], ascending[ranks.upper]);
}

double quantile(std::vector<double> values, double p) {
  const QuantileRanks ranks = quantile_ranks(values.size(), p);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(ranks.lower);
  std::nth_element(values.begin(), at, values.end());
  // What lies behind the rank is not below its value: the next rank is the least of it.
  const double upper = ranks.upper == ranks.lower ? *at : *std::min_element(at + 1, values.end());
  return ranks.between(*at, upper);
}

double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

double compensated_sum(std::span<const double> values) {
  double sum = 0;
  double lost = 0;
  for (const double value : values) {
    const double next = sum + value;
    lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return sum + lost;
}

double mean(std::span<const double> values) {
  assert(!values.empty());
  return compensated_sum(values) / static_cast<double>(values.size());
}

std::optional<Spread> spread_of(std::vector<double> errors) {
  if (errors.empty()) return std::nullopt;
  std::sort(errors.begin(), errors.end());
  return Spread{sorted_quantile(errors, 0.5), sorted_quantile(errors, 0.9), errors.size()};
}

}  // namespace orrery::base
