// Ctrl-C: remembered, so that a run can end in order.
#pragma once

#include <csignal>

namespace orrery::experiment {

/// While it lives, the first SIGINT or SIGTERM is only remembered; a second one of the same kind
/// ends the process as usual. At most one at a time.
class InterruptionGuard {
 public:
  InterruptionGuard();
  ~InterruptionGuard();
  InterruptionGuard(const InterruptionGuard&) = delete;
  InterruptionGuard& operator=(const InterruptionGuard&) = delete;

  /// Whether the user asked to stop.
  static bool requested();

 private:
  struct sigaction before_interrupt_ {};
  struct sigaction before_terminate_ {};
};

}  // namespace orrery::experiment
