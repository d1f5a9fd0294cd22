#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>

#include "sim/cluster/cluster_state.hpp"

namespace orrery::cluster {

using engine::Priority;

void TrainingCluster::State::request_pass(Scheduler& scheduler) {
  if (scheduler.pass_pending) return;
  scheduler.pass_pending = true;
  double at = engine.now_seconds();
  if (config.round_seconds > 0) {
    at = std::ceil(at / config.round_seconds) * config.round_seconds;
    at = std::max(at, engine.now_seconds());
  }
  engine.at(at, Priority::pass, [this, &scheduler] { pass(scheduler); });
}

void TrainingCluster::State::pass(Scheduler& scheduler) {
  scheduler.pass_pending = false;
  const View view{.now_seconds = engine.now_seconds(),
                  .jobs = workload.jobs,
                  .status = status,
                  .demand_of = division.demand_of,
                  .demands = division.demands,
                  .nodes = inventory.nodes,
                  .free = &scheduler.free,
                  .placements = placements,
                  .running = scheduler.running};
  const auto before = std::chrono::steady_clock::now();
  const Actions actions = scheduler.policy->decide(view, scheduler.delta());
  if (decision_observer) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    decision_observer(took.count());
  }
  scheduler.clear_delta();
  ++counts.decisions;
  apply(scheduler, actions);
  emit({.kind = ClusterEvent::Kind::decided, .seconds = engine.now_seconds()});
  assert((check_invariants(), true));
}

void TrainingCluster::State::apply(Scheduler& scheduler, const Actions& actions) {
  for (const Action& action : actions.actions) {
    check_action(scheduler, action);
    switch (action.kind) {
      case Action::Kind::start:
        start_job(scheduler, action);
        break;
      case Action::Kind::preempt:
        preempt_job(action);
        break;
      case Action::Kind::change:
        change_job(scheduler, action);
        break;
    }
  }
  for (const Wait& wait : actions.waits) note_wait(wait);
  if (scheduler.wake) engine.cancel(*scheduler.wake);
  scheduler.wake.reset();
  if (!actions.wake_at_seconds) return;
  const double at = std::max(*actions.wake_at_seconds, engine.now_seconds());
  scheduler.wake = engine.at(at, Priority::timer, [this, &scheduler] {
    scheduler.wake.reset();
    scheduler.woken = true;
    request_pass(scheduler);
  });
}

void TrainingCluster::State::note_wait(const Wait& wait) {
  if (status[wait.job.index()].state != JobState::pending) return;
  LastWait& last = last_wait[wait.job.index()];
  const LastWait current{wait.reason, wait.because_of, wait.value};
  if (last == current) return;
  last = current;
  emit({.kind = ClusterEvent::Kind::waits,
        .seconds = engine.now_seconds(),
        .job = wait.job,
        .reason = wait.reason,
        .because_of = wait.because_of,
        .value = wait.value});
}

}  // namespace orrery::cluster
