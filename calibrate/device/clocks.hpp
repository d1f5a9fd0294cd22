// The clocks by which everything here is timed on the processor.
#pragma once

#include "calibrate/device/sharing.hpp"

namespace orrery::calibrate {

/// Seconds for which the calling thread had a processor, from any moment on: what other programs
/// take of one meanwhile is not counted, what they take of caches and memory is.
double thread_seconds();

/// Seconds from any moment on; never set back.
double wall_seconds();

/// How long a run took, and what its thread lost meanwhile.
struct RunTime {
  double seconds = 0;
  SharingSigns lost;
};

/// The time of threads that ran side by side: that of the slowest, and all that they lost.
RunTime slowest(const RunTime& a, const RunTime& b);

/// Times the calling thread by the time for which it had a processor, from construction on.
class ThreadTimer {
 public:
  ThreadTimer();
  RunTime stop() const;

 private:
  SharingSigns signs_;
  double begun_;  // the last: reading the signs takes time, too
};

}  // namespace orrery::calibrate
