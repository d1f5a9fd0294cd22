#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using engine::Priority;

void TrainingCluster::State::request_pass(Scheduler& scheduler) {
  if (scheduler.pass_pending) return;
  scheduler.pass_pending = true;
  double at = engine.now_seconds();
  if (config.round_seconds > 0) {
    at = std::ceil(at / config.round_seconds) * config.round_seconds;
    at = std::max(at, engine.now_seconds());
  }
  engine.at(at, Priority::pass, [this, &scheduler] { begin_pass(scheduler); });
}

void TrainingCluster::State::begin_pass(Scheduler& scheduler) {
  scheduler.pass_pending = false;
  pass(scheduler);
  assert((check_invariants(), true));
}

void TrainingCluster::State::wake_at(Scheduler& scheduler, std::optional<double> seconds) {
  if (scheduler.wake) engine.cancel(*scheduler.wake);
  scheduler.wake.reset();
  // A guest that left while it waited may keep a policy awake for ever.
  const bool nothing_to_come = !guests.empty() && !platform.outages.any_open();
  if (!seconds || nothing_to_come) return;
  const double at = std::max(*seconds, engine.now_seconds());
  scheduler.wake = engine.at(at, Priority::timer, [this, &scheduler] {
    scheduler.wake.reset();
    scheduler.woken = true;
    request_pass(scheduler);
  });
}

}  // namespace orrery::training
