#include <algorithm>
#include <chrono>
#include <cmath>

#include "sim/worlds/training/arena/arena_state.hpp"
#include "sim/worlds/training/placement.hpp"

namespace orrery::training::arena {

using platform::NodeShare;
using platform::Placement;

void ArenaCluster::State::pass() {
  for (const JobId job : scheduler().running) show_progress(job);
  held_before.clear();
  const training::View view{.now_seconds = engine.now_seconds(),
                            .jobs = workload.jobs,
                            .status = status,
                            .demand_of = division.demand_of,
                            .demands = division.demands,
                            .nodes = inventory.nodes,
                            .free = scheduler().free,
                            .placements = placements,
                            .running = scheduler().running,
                            .throughput = throughputs.decide.get(),
                            .best_plan = throughputs.run.get(),
                            .task_of = throughputs.task_of,
                            .types_are_preferences = throughputs.types_are_preferences,
                            .round_seconds = config.round_seconds,
                            .restart = &config.restart};
  const auto before = std::chrono::steady_clock::now();
  const training::Actions actions = scheduler().policy->decide(view, scheduler().delta());
  if (decision_observer) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    decision_observer(took.count());
  }
  scheduler().clear_delta();
  ++counts.decisions;
  apply(actions);
  emit({.kind = ClusterEvent::Kind::decided, .seconds = engine.now_seconds()});
}

double ArenaCluster::State::iteration_unit(JobId job) const {
  const workloads::TrainingJob& j = workload.jobs[job.index()];
  return j.duration_seconds / static_cast<double>(j.iterations);
}

void ArenaCluster::State::show_progress(JobId job) {
  JobStatus& s = status[job.index()];
  const JobProgress& p = progress[job.index()];
  const double iteration = speed[job.index()].iteration_seconds;
  s.work_left_seconds = rules.remaining(p, iteration) * iteration_unit(job);
  s.progress_from_seconds = engine.now_seconds() + p.debt_seconds;
  const double end = s.progress_from_seconds + s.work_left_seconds / s.speed;
  s.finish_seconds = std::ceil(end / config.round_seconds) * config.round_seconds;
}

void ArenaCluster::State::apply(const training::Actions& actions) {
  // First everybody leaves who leaves, then everybody enters.
  std::vector<Placement> given(actions.actions.size());
  for (std::size_t a = 0; a < actions.actions.size(); ++a) {
    const Action& action = actions.actions[a];
    checks().action(scheduler(), action);
    if (action.kind == Action::Kind::preempt) preempt_job(action);
    if (action.kind == Action::Kind::change) given[a] = vacate(action);
    if (action.kind == Action::Kind::drop)
      drop_job(action.job, ClusterEvent::Kind::dropped, action.reason, action.because_of);
  }
  for (std::size_t a = 0; a < actions.actions.size(); ++a) {
    const Action& action = actions.actions[a];
    if (action.kind != Action::Kind::start && action.kind != Action::Kind::change) continue;
    checks().placement(scheduler(), action);
    if (action.kind == Action::Kind::start)
      start_job(action);
    else
      change_job(action, given[a]);
  }
  for (const training::Wait& wait : actions.waits) note_wait(wait);
  wake_at_seconds = actions.wake_at_seconds;
}

void ArenaCluster::State::start_job(const Action& action) {
  const JobId job = action.job;
  const bool first = status[job.index()].starts == 0;
  const double cost = begin_run(action, first);
  set_state(job, JobState::running);
  scheduler().running.push_back(job);
  show_progress(job);
  if (!first) ++counts.restarts;
  emit({.kind = first ? ClusterEvent::Kind::started : ClusterEvent::Kind::resumed,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = action.reason,
        .because_of = action.because_of,
        .restart_seconds = cost,
        .placement = placements[job.index()],
        .speed = status[job.index()].speed,
        .origin = speed[job.index()].origin});
}

void ArenaCluster::State::change_job(const Action& action, const Placement& given) {
  const JobId job = action.job;
  const double cost = begin_run(action, false);
  show_progress(job);
  ++counts.restarts;
  emit({.kind = ClusterEvent::Kind::changed,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = action.reason,
        .because_of = action.because_of,
        .restart_seconds = cost,
        .placement = placements[job.index()],
        .old_placement = given,
        .speed = status[job.index()].speed,
        .origin = speed[job.index()].origin});
}

double ArenaCluster::State::begin_run(const Action& action, bool first_start) {
  const JobId job = action.job;
  JobStatus& s = status[job.index()];
  JobProgress& p = progress[job.index()];
  Placement placement = action.placement;
  for (NodeShare& share : placement) platform.ledger.take(holder, share);
  placements[job.index()] = std::move(placement);
  const Placement& held = placements[job.index()];
  const models::Throughput& found =
      throughputs.run->of(throughputs.task_of[job.index()],
                          training::type_of(held, inventory).index(), training::locality_of(held));
  if (!found.feasible()) checks().refuse_placement(job, held);
  speed[job.index()] = found;
  ++s.starts;
  s.gpus = platform::gpus_of(held);
  s.held_gpus = s.gpus;
  s.speed = iteration_unit(job) / found.iteration_seconds;
  s.started_seconds = engine.now_seconds();
  if (!got_new_gpus(job)) return p.debt_seconds;
  const bool free_of_charge = first_start && !config.quirks.charged_first_starts;
  const double charge = free_of_charge ? 0 : config.restart.seconds(s.gpus);
  rules.reschedule(p, charge);
  return charge;
}

bool ArenaCluster::State::got_new_gpus(JobId job) const {
  const auto before = held_before.find(job);
  if (before == held_before.end()) return true;
  return std::ranges::any_of(placements[job.index()], [&](const NodeShare& share) {
    const auto old = std::ranges::find(before->second, share.node, &NodeShare::node);
    return old == before->second.end() || (share.slots & ~old->slots) != 0;
  });
}

void ArenaCluster::State::preempt_job(const Action& action) {
  const JobId job = action.job;
  const double iteration = speed[job.index()].iteration_seconds;
  const Placement given = end_run(job);
  set_state(job, JobState::pending);
  std::erase(scheduler().running, job);
  rules.suspend(progress[job.index()], iteration);
  status[job.index()].work_left_seconds = progress[job.index()].iterations * iteration_unit(job);
  emit({.kind = ClusterEvent::Kind::preempted,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = action.reason,
        .because_of = action.because_of,
        .placement = given});
}

Placement ArenaCluster::State::vacate(const Action& action) {
  const JobId job = action.job;
  const double iteration = speed[job.index()].iteration_seconds;
  Placement given = end_run(job);
  rules.change(progress[job.index()], iteration);
  return given;
}

Placement ArenaCluster::State::end_run(JobId job) {
  JobStatus& s = status[job.index()];
  s.attained_gpu_seconds = s.attained_at(engine.now_seconds());
  s.finish_seconds = std::numeric_limits<double>::infinity();
  s.gpus = 0;
  s.held_gpus = 0;
  s.speed = 1;
  Placement given = std::move(placements[job.index()]);
  placements[job.index()].clear();
  held_before.try_emplace(job, given);
  for (const NodeShare& share : given) platform.ledger.give(holder, share);
  return given;
}

void ArenaCluster::State::drop_job(JobId job, ClusterEvent::Kind kind, training::Reason reason,
                                   JobId because_of) {
  set_state(job, JobState::rejected);
  ++counts.rejected;
  close_job();
  emit({.kind = kind,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = reason,
        .because_of = because_of});
}

void ArenaCluster::State::note_wait(const training::Wait& wait) {
  if (status[wait.job.index()].state != JobState::pending) return;
  training::Wait& last = last_wait[wait.job.index()];
  if (last.reason == wait.reason && last.because_of == wait.because_of && last.value == wait.value)
    return;
  last = wait;
  emit({.kind = ClusterEvent::Kind::waits,
        .seconds = engine.now_seconds(),
        .job = wait.job,
        .reason = wait.reason,
        .because_of = wait.because_of,
        .value = wait.value});
}

}  // namespace orrery::training::arena
