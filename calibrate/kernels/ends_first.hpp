// In which order to measure a range, so that stopping anywhere has spanned it.
#pragma once

#include <cstddef>
#include <vector>

namespace orrery::calibrate {

/// The indices 0 to count - 1: last and first, then the middle of each gap, then of the gaps that
/// leaves, and so on.
std::vector<std::size_t> ends_first(std::size_t count);

}  // namespace orrery::calibrate
