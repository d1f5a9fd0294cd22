// How two profiles differ, key by key.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/profile/profile.hpp"

namespace orrery::models {

/// A number or a text of a profile.
using ProfileValue = std::variant<double, std::string>;

/// One key whose values differ. The key is the value's path; a cost stands in it by its kernel and
/// variant, `costs.gemm.dense.held_out.median`, and not by its place.
struct ProfileDifference {
  std::string key;
  std::optional<ProfileValue> left;  ///< nothing where only the other profile has the key
  std::optional<ProfileValue> right;

  /// right / left - 1; nothing where one of them is not a number or left is 0.
  std::optional<double> change() const;
};

/// What differs, in the order of the left profile, then what only the right one has. Numbers differ
/// where they are not equal, however near they are; the order of costs and names does not count.
std::vector<ProfileDifference> profile_differences(const DeviceProfile& left,
                                                   const DeviceProfile& right);

}  // namespace orrery::models
