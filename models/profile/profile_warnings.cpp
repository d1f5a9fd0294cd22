#include "models/profile/profile_warnings.hpp"

#include <fmt/format.h>

namespace orrery::models {

namespace {

void warn_of_spread(std::vector<std::string>& warnings, const std::string& what,
                    const ErrorSpread& spread) {
  const auto warn = [&](const char* statistic, double value, double limit) {
    if (value <= limit) return;
    warnings.push_back(fmt::format("{} has a {} of {:.1f} %, above {:.0f} %", what, statistic,
                                   100 * value, 100 * limit));
  };
  warn("median", spread.median, kWideSpread.median);
  warn("90th percentile", spread.p90, kWideSpread.p90);
}

}  // namespace

std::vector<std::string> profile_warnings(const DeviceProfile& profile) {
  std::vector<std::string> warnings;
  for (const FittedCost& cost : profile.costs) {
    const std::string name = cost.kernel + " " + cost.variant;
    warn_of_spread(warnings, name + ": the held-out error", cost.held_out);
    if (cost.repeats) {
      warn_of_spread(warnings, name + ": the spread of repeats", *cost.repeats);
    } else if (profile.provenance.measured_by == MeasuredBy::us) {
      warnings.push_back(name + ": measured by us, yet without the spread of its repeats");
    }
    if (cost.points <= cost.coefficients.size()) {
      warnings.push_back(fmt::format("{}: {} points do not test {} coefficients", name, cost.points,
                                     cost.coefficients.size()));
    }
    for (const auto& [coefficient, value] : cost.coefficients) {
      if (coefficient.ends_with("seconds") && value < 0)
        warnings.push_back(fmt::format("{}: {} is below 0", name, coefficient));
    }
  }
  return warnings;
}

}  // namespace orrery::models
