#include "calibrate/device/clocks.hpp"

#include <algorithm>
#include <ctime>

namespace orrery::calibrate {

namespace {

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

double thread_seconds() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double wall_seconds() {
  return seconds_of(CLOCK_MONOTONIC);
}

RunTime slowest(const RunTime& a, const RunTime& b) {
  return {std::max(a.seconds, b.seconds), a.lost + b.lost};
}

ThreadTimer::ThreadTimer() : signs_(thread_signs()), begun_(thread_seconds()) {}

RunTime ThreadTimer::stop() const {
  const double seconds = thread_seconds() - begun_;
  return {seconds, thread_signs() - signs_};
}

}  // namespace orrery::calibrate
