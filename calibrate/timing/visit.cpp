#include "calibrate/timing/visit.hpp"

#include <cmath>
#include <new>

#include "calibrate/kernels/errors.hpp"
#include "calibrate/timing/budget.hpp"

namespace orrery::calibrate {

namespace {

base::Where place(const Kernel& kernel, const CalibrationPoint& point) {
  return {.file = {}, .line = 0, .column = 0, .key = std::string(kernel.name()) + " " + point.id};
}

void stop_where_asked(const std::function<bool()>& stop_requested) {
  if (stop_requested()) throw base::Error({}, "interrupted", base::Fault::interrupted);
}

/// Nothing where memory does not suffice; `why` then says so.
std::unique_ptr<PreparedPoint> ready(const Kernel& kernel, const CalibrationPoint& point,
                                     bool check, std::string& why) {
  try {
    std::unique_ptr<PreparedPoint> prepared = kernel.prepare(point);
    if (check) prepared->check();
    return prepared;
  } catch (const OutOfMemory& error) {
    why = error.sentence();
  } catch (const std::bad_alloc&) {
    why = "the machine has not enough free memory for it";
  }
  return nullptr;
}

}  // namespace

VisitOutcome visit(const Kernel& kernel, const CalibrationPoint& point, const VisitLimits& limits,
                   const std::function<double()>& clock,
                   const std::function<bool()>& stop_requested) {
  VisitOutcome outcome;
  const double begun = clock();
  stop_where_asked(stop_requested);
  const std::unique_ptr<PreparedPoint> prepared =
      ready(kernel, point, limits.check, outcome.skipped);
  if (!prepared) return outcome;
  for (int run = 0; run < kWarmUps; ++run) {
    stop_where_asked(stop_requested);
    if (prepared->run_once() >= kLongRunSeconds) break;
  }
  while (outcome.seconds.size() < kMostRepeats) {
    stop_where_asked(stop_requested);
    const double seconds = prepared->run_once();
    if (!(seconds > 0) || !std::isfinite(seconds))
      throw base::Error(place(kernel, point), "a run took no time that can be: the clock is wrong",
                        base::Fault::run_failed);
    outcome.seconds.push_back(seconds);
    if (outcome.seconds.size() >= kLeastRepeats && clock() - begun >= limits.seconds) break;
  }
  return outcome;
}

}  // namespace orrery::calibrate
