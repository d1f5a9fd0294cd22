// Numbers of a profile as people read them: the name tells the unit.
#pragma once

#include <string>
#include <string_view>

namespace orrery::app {

/// Four digits and the unit that the name's end tells: `2.5 us`, `33.33 GFLOP/s`, `32 MiB`; a plain
/// number where it tells none.
std::string quantity_of(std::string_view name, double value);

/// `3.1 %`.
std::string percent(double fraction);

}  // namespace orrery::app
