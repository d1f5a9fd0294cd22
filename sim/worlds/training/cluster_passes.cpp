#include <fmt/format.h>

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

void TrainingCluster::State::before_end_of_run(JobId job) {
  // Far more than a policy needs that will get somewhere: all jobs of a large cluster, hundreds of
  // rounds long.
  constexpr std::uint64_t kMost = 200'000;
  const double now = engine.now_seconds();
  const auto advances = [now](const JobStatus& s) {
    return s.state == JobState::running && now > s.progress_from_seconds;
  };
  fruitless_runs = advances(status[job.index()]) ? 0 : fruitless_runs + 1;
  if (fruitless_runs < kMost) return;
  fruitless_runs = 0;
  if (next_arrival < arrival_order.size() || std::ranges::any_of(status, advances)) return;
  throw base::Error(
      {},
      fmt::format(
          "no job progresses at {} s: the policy ended {} runs one after the other before their "
          "restart was over; expected restarts that take less time than a policy lets jobs "
          "run (restart_seconds, round)",
          now, kMost),
      base::Fault::run_failed);
}

}  // namespace orrery::training
