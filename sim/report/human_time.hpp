// Seconds as people read them.
#pragma once

#include <string>

namespace orrery::report {

/// The two largest units: `3 h 2 min`, `2 d 5 h`, `45.25 s`.
std::string duration_text(double seconds);

/// One unit, three digits or so, for tables: `3.21 h`.
std::string short_duration_text(double seconds);

/// `10923 s (day 0 03:02:03)`.
std::string instant_text(double seconds);

}  // namespace orrery::report
