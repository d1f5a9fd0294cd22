#include "models/profile/profile.hpp"

#include <algorithm>

namespace orrery::models {

std::optional<double> find_number(const NamedNumbers& numbers, std::string_view name) {
  const auto at = std::find_if(numbers.begin(), numbers.end(),
                               [&](const auto& number) { return number.first == name; });
  if (at == numbers.end()) return std::nullopt;
  return at->second;
}

const FittedCost* DeviceProfile::find(std::string_view kernel, std::string_view variant) const {
  const auto at = std::find_if(costs.begin(), costs.end(), [&](const FittedCost& cost) {
    return cost.kernel == kernel && cost.variant == variant;
  });
  return at == costs.end() ? nullptr : &*at;
}

}  // namespace orrery::models
