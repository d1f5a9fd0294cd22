// One visit of a point: made ready, checked, warmed up, timed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "calibrate/kernels/kernel.hpp"

namespace orrery::calibrate {

struct VisitLimits {
  double seconds = 0;  ///< after these no further repeat is begun, once there are the least
  bool check = true;   ///< against the reference, before it is timed
};

struct VisitOutcome {
  std::vector<double> seconds;  ///< of each repeat; none where the point was skipped
  std::string skipped;          ///< why, in one sentence
};

/// Visits a point. Throws what the kernel throws, base::Error{interrupted} where `stop_requested`
/// says so, and base::Error{run_failed} for a time that is none. Memory that does not suffice is no
/// error: the point is skipped.
VisitOutcome visit(const Kernel& kernel, const CalibrationPoint& point, const VisitLimits& limits,
                   const std::function<double()>& clock,
                   const std::function<bool()>& stop_requested);

}  // namespace orrery::calibrate
