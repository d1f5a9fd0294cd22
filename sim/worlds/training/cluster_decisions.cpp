#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
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
  engine.at(at, Priority::pass, [this, &scheduler] { pass(scheduler); });
}

void TrainingCluster::State::pass(Scheduler& scheduler) {
  scheduler.pass_pending = false;
  const View view{
      .now_seconds = engine.now_seconds(),
      .jobs = workload.jobs,
      .status = status,
      .demand_of = division.demand_of,
      .demands = division.demands,
      .nodes = inventory.nodes,
      .free = scheduler.free,
      .placements = placements,
      .running = scheduler.running,
      .throughput = throughputs == nullptr ? nullptr : throughputs->decide.get(),
      .best_plan = throughputs == nullptr ? nullptr : throughputs->run.get(),
      .task_of = throughputs == nullptr ? std::span<const models::TaskId>{} : throughputs->task_of,
      .types_are_preferences = throughputs != nullptr && throughputs->types_are_preferences,
      .round_seconds = config.round_seconds,
      .restart = &config.restart};
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
  // First everybody leaves who leaves, then everybody enters.
  std::vector<platform::Placement> given(actions.actions.size());
  for (std::size_t a = 0; a < actions.actions.size(); ++a) {
    const Action& action = actions.actions[a];
    checks().action(scheduler, action);
    if (action.kind == Action::Kind::preempt || action.kind == Action::Kind::change)
      note_end_of_run(action.job);
    if (action.kind == Action::Kind::preempt) preempt_job(action);
    if (action.kind == Action::Kind::change) given[a] = vacate(action);
    if (action.kind == Action::Kind::drop) drop_job(action);
  }
  for (std::size_t a = 0; a < actions.actions.size(); ++a) {
    const Action& action = actions.actions[a];
    if (action.kind != Action::Kind::start && action.kind != Action::Kind::change) continue;
    checks().placement(scheduler, action);
    if (action.kind == Action::Kind::start)
      start_job(scheduler, action);
    else
      change_job(action, given[a]);
  }
  for (const Wait& wait : actions.waits) note_wait(wait);
  if (scheduler.wake) engine.cancel(*scheduler.wake);
  scheduler.wake.reset();
  // A guest that left while it waited may keep a policy awake for ever.
  const bool nothing_to_come = !guests.empty() && !platform.outages.any_open();
  if (!actions.wake_at_seconds || nothing_to_come) return;
  const double at = std::max(*actions.wake_at_seconds, engine.now_seconds());
  scheduler.wake = engine.at(at, Priority::timer, [this, &scheduler] {
    scheduler.wake.reset();
    scheduler.woken = true;
    request_pass(scheduler);
  });
}

void TrainingCluster::State::note_end_of_run(JobId job) {
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

}  // namespace orrery::training
