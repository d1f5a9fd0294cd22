// The time of what cannot run.
#pragma once

#include <limits>

namespace orrery::test {

inline constexpr double kNever = std::numeric_limits<double>::infinity();

}  // namespace orrery::test
