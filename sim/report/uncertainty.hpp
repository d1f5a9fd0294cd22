// How sure a comparison is of a mean, and where its intervals come from.
#pragma once

#include <cstddef>
#include <string>

namespace orrery::report {

/// `uncertainty: {windows: 8}` or `{bootstrap: 1000}`. Where it is not asked for, intervals go over
/// the seeds, and by windows where the seeds draw nothing.
struct Uncertainty {
  static constexpr std::size_t kDefaultWindows = 8;
  std::size_t windows = kDefaultWindows;  ///< of equal length, from the first to the last arrival
  std::size_t bootstrap = 0;  ///< resamples of blocks of successive arrivals; 0: windows
  bool asked = false;
  bool operator==(const Uncertainty&) const = default;
};

}  // namespace orrery::report
