// One visit of a point: made ready, checked, warmed up, timed, with a yardstick beside it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "calibrate/kernels/kernel.hpp"
#include "calibrate/timing/watch.hpp"

namespace orrery::calibrate {

struct VisitLimits {
  double seconds = 0;  ///< after these no further repeat is begun, once there are the least
  bool check = true;   ///< against the reference, before it is timed
};

/// One timed run of a point.
struct TimedRun {
  double seconds = 0;
  std::string disturbed;  ///< in words, as disturbance() gives them; empty: not
};

struct VisitOutcome {
  std::vector<TimedRun> runs;    ///< none where the point was skipped
  double yardstick_seconds = 0;  ///< the slower of before and after; 0 without a yardstick
  std::string skipped;           ///< why, in one sentence
};

/// Visits a point: until there are kMostRepeats undisturbed runs, kMostWithDisturbed of any, or the
/// seconds are over. Throws what the kernel throws, base::Error{interrupted} where `stop_requested`
/// says so, and base::Error{run_failed} for a time that is none. Memory that does not suffice is no
/// error: the point is skipped.
VisitOutcome visit(const Kernel& kernel, const CalibrationPoint& point, const VisitLimits& limits,
                   const std::function<double()>& clock, const Watch& watch,
                   const std::function<bool()>& stop_requested);

}  // namespace orrery::calibrate
