#include "sim/report/distribution.hpp"

#include <algorithm>

#include "models/base/statistics.hpp"

namespace orrery::report {

std::optional<Distribution> distribution_of(std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto at = [&](double p) { return base::sorted_quantile(values, p); };
  return Distribution{base::mean(values), at(0.5), at(0.95), at(0.99)};
}

}  // namespace orrery::report
