#include "calibrate/timing/visit.hpp"

#include <algorithm>
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

/// One run after the other, each between two readings of what was stolen.
class Repeats {
 public:
  explicit Repeats(const Watch& watch) : watch_(watch), stolen_(read()) {}

  void add(const RunTime& run) {
    const double stolen = read();
    runs_.push_back({run.seconds, disturbance(run, stolen - stolen_)});
    if (runs_.back().disturbed.empty()) ++undisturbed_;
    stolen_ = stolen;
  }

  bool enough() const {
    return undisturbed_ >= kMostRepeats || runs_.size() >= std::size_t{kMostWithDisturbed};
  }
  std::size_t count() const { return runs_.size(); }
  std::vector<TimedRun> take() { return std::move(runs_); }

 private:
  double read() const { return watch_.stolen ? watch_.stolen() : 0; }

  const Watch& watch_;
  double stolen_;
  std::vector<TimedRun> runs_;
  int undisturbed_ = 0;
};

double yardstick_of(const Watch& watch) {
  return watch.yardstick ? watch.yardstick() : 0;
}

}  // namespace

VisitOutcome visit(const Kernel& kernel, const CalibrationPoint& point, const VisitLimits& limits,
                   const std::function<double()>& clock, const Watch& watch,
                   const std::function<bool()>& stop_requested) {
  VisitOutcome outcome;
  const double begun = clock();
  stop_where_asked(stop_requested);
  const std::unique_ptr<PreparedPoint> prepared =
      ready(kernel, point, limits.check, outcome.skipped);
  if (!prepared) return outcome;
  outcome.yardstick_seconds = yardstick_of(watch);
  for (int run = 0; run < kWarmUps; ++run) {
    stop_where_asked(stop_requested);
    if (prepared->run_once().seconds >= kLongRunSeconds) break;
  }
  Repeats repeats(watch);
  while (!repeats.enough()) {
    stop_where_asked(stop_requested);
    const RunTime run = prepared->run_once();
    if (!(run.seconds > 0) || !std::isfinite(run.seconds))
      throw base::Error(place(kernel, point), "a run took no time that can be: the clock is wrong",
                        base::Fault::run_failed);
    repeats.add(run);
    if (repeats.count() >= kLeastRepeats && clock() - begun >= limits.seconds) break;
  }
  outcome.runs = repeats.take();
  outcome.yardstick_seconds = std::max(outcome.yardstick_seconds, yardstick_of(watch));
  return outcome;
}

}  // namespace orrery::calibrate
