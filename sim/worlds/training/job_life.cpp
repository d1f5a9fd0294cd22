#include "sim/worlds/training/job_life.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "sim/worlds/training/placement.hpp"

namespace orrery::training {

using engine::Priority;
using platform::NodeShare;
using platform::Placement;

JobLife::JobLife(platform::Platform& the_platform, platform::HolderId the_holder,
                 const CommonRules& the_rules, const workloads::TrainingWorkload& the_workload,
                 const JobThroughputs* the_throughputs, Division the_division)
    : platform(the_platform),
      holder(the_holder),
      engine(the_platform.engine),
      common(the_rules),
      inventory(the_platform.inventory),
      workload(the_workload),
      throughputs(the_throughputs),
      division(std::move(the_division)),
      successions(the_workload),
      watch(the_workload.jobs, the_rules.stuck_after) {
  const std::size_t jobs = workload.jobs.size();
  status.resize(jobs);
  placements.resize(jobs);
  last_wait.resize(jobs, Wait{{}, Reason::none, {}, 0});
  arrival_order.reserve(jobs);
  for (std::size_t j = 0; j < jobs; ++j) {
    arrival_order.emplace_back(j);
    status[j].work_left_seconds = workload.jobs[j].duration_seconds;
    open_jobs += workload.jobs[j].endless ? 0 : 1;
  }
  std::stable_sort(arrival_order.begin(), arrival_order.end(), [&](JobId a, JobId b) {
    return workload.jobs[a.index()].submit_seconds < workload.jobs[b.index()].submit_seconds;
  });
}

// --- arrivals ------------------------------------------------------------------------------------

void JobLife::start() {
  platform.outages.open_world();
  schedule_next_arrival();
}

void JobLife::schedule_next_arrival() {
  if (next_arrival == arrival_order.size()) return;
  const double at = workload.jobs[arrival_order[next_arrival].index()].submit_seconds;
  if (arrives_at(at)) engine.at(at, Priority::arrival, [this] { arrive(); });
}

void JobLife::arrive() {
  const double now = engine.now_seconds();
  for (; next_arrival < arrival_order.size(); ++next_arrival) {
    const JobId job = arrival_order[next_arrival];
    if (workload.jobs[job.index()].submit_seconds > now) break;
    if (const auto other = successions.holds_at_its_time(job))
      emit({.kind = ClusterEvent::Kind::held_back,
            .seconds = now,
            .job = job,
            .because_of = *other});
    else
      submit(job);
  }
  schedule_next_arrival();
}

void JobLife::submit(JobId job) {
  const double now = engine.now_seconds();
  status[job.index()].submitted_seconds = now;
  counts.submitted += workload.jobs[job.index()].endless ? 0 : 1;
  if (std::ranges::binary_search(division.oversized, job))
    return drop_job(job, ClusterEvent::Kind::rejected, Reason::none, {});
  watch.advanced();
  set_state(job, JobState::pending);
  emit({.kind = ClusterEvent::Kind::submitted, .seconds = now, .job = job});
  note_round(job);
  scheduler_of(job).arrived.push_back(job);
  has_arrived(job);
}

// --- decisions -----------------------------------------------------------------------------------

void JobLife::find_unstartable(const std::function<std::unique_ptr<Policy>()>& make_policy) {
  // Jobs of one scheduler, demand and task get the same answer, that of the one whose deadline is
  // the farthest: which deadlines can be met is for the run to tell.
  const auto slack = [&](JobId job) {
    const workloads::TrainingJob& j = workload.jobs[job.index()];
    return j.deadline_seconds - j.submit_seconds - j.duration_seconds;
  };
  struct Alike {
    JobId easiest;
    std::vector<JobId> jobs;
  };
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, Alike> all;
  for (std::size_t j = 0; j < status.size(); ++j) {
    const JobId job(j);
    if (std::ranges::binary_search(division.oversized, job)) continue;
    const std::size_t task = has_task(job) ? throughputs->task_of[j].index() : SIZE_MAX;
    Alike& alike = all[{division.scheduler_of_job[j], division.demand_of[j].index(), task}];
    if (alike.jobs.empty() || slack(job) > slack(alike.easiest)) alike.easiest = job;
    alike.jobs.push_back(job);
  }
  std::vector<JobId> found;
  for (const auto& [key, alike] : all)
    if (!can_start(division.schedulers[std::get<0>(key)], alike.easiest, *make_policy()))
      found.insert(found.end(), alike.jobs.begin(), alike.jobs.end());
  std::ranges::sort(found);
  const auto middle = static_cast<std::ptrdiff_t>(division.oversized.size());
  division.oversized.insert(division.oversized.end(), found.begin(), found.end());
  std::inplace_merge(division.oversized.begin(), division.oversized.begin() + middle,
                     division.oversized.end());
}

bool JobLife::can_start(const Scheduler& scheduler, JobId job, Policy& policy) {
  // A policy that still asks to be woken after so many decisions is given the benefit of the doubt.
  constexpr int kMostDecisions = 4;
  View view = view_of(scheduler);
  view.now_seconds = workload.jobs[job.index()].submit_seconds;
  set_state(job, JobState::pending);
  status[job.index()].submitted_seconds = view.now_seconds;
  Delta delta{.arrived = {&job, 1},
              .finished = {},
              .interrupted = {},
              .failed_nodes = {},
              .repaired_nodes = {}};
  bool starts = false;
  for (int n = 0; n < kMostDecisions && !starts; ++n) {
    Actions actions;
    try {
      actions = policy.decide(view, delta);
    } catch (const base::Error&) {
      starts = true;  // a policy that cannot decide says so in the run, with all its jobs
      break;
    }
    // One that is given up has been decided on, too.
    starts = !actions.actions.empty() || n + 1 == kMostDecisions;
    // A deadline may be what it waits for, until it is given up.
    const double deadline = workload.jobs[job.index()].deadline_seconds;
    if (!actions.wake_at_seconds && view.now_seconds < deadline && std::isfinite(deadline))
      actions.wake_at_seconds = deadline;
    if (!actions.wake_at_seconds) break;
    view.now_seconds = std::max(view.now_seconds, *actions.wake_at_seconds);
    delta = {.arrived = {},
             .finished = {},
             .interrupted = {},
             .failed_nodes = {},
             .repaired_nodes = {},
             .woken = true};
  }
  status[job.index()].state = JobState::future;
  return starts;
}

void JobLife::pass(Scheduler& scheduler) {
  std::vector<JobId> entered = scheduler.arrived;
  entered.insert(entered.end(), scheduler.interrupted.begin(), scheduler.interrupted.end());
  const Actions actions = decide(scheduler);
  apply(scheduler, actions);
  for (const Action& action : actions.actions)
    if (action.kind == Action::Kind::preempt) entered.push_back(action.job);
  for (const JobId job : entered) explain_wait(scheduler, job);
  emit({.kind = ClusterEvent::Kind::decided, .seconds = engine.now_seconds()});
  watch_step(ProgressWatch::Step::decision);
}

View JobLife::view_of(const Scheduler& scheduler) const {
  return {
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
      .goes_by_file = common.goes_by_file,
      .round_seconds = common.round_seconds,
      .restart = &common.restart,
      .run_times = run_times()};
}

Actions JobLife::decide(Scheduler& scheduler) {
  const View view = view_of(scheduler);
  const auto before = std::chrono::steady_clock::now();
  Actions actions = scheduler.policy->decide(view, scheduler.delta());
  if (decision_observer) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    decision_observer(took.count());
  }
  scheduler.clear_delta();
  ++counts.decisions;
  counts.unproven_programs += actions.solver.unproven;
  counts.given_up_programs += actions.solver.given_up;
  return actions;
}

void JobLife::apply(Scheduler& scheduler, const Actions& actions) {
  // First everybody leaves who leaves, then everybody enters: jobs may change places.
  std::vector<Placement> given(actions.actions.size());
  for (std::size_t a = 0; a < actions.actions.size(); ++a) {
    const Action& action = actions.actions[a];
    checks().action(scheduler, action);
    if (action.kind == Action::Kind::preempt || action.kind == Action::Kind::change) {
      watch.reached(action.job, work_left(action.job));
      watch_step(ProgressWatch::Step::decision);
    }
    if (action.kind == Action::Kind::preempt) preempt_job(action);
    if (action.kind == Action::Kind::change) given[a] = vacate(action.job);
    if (action.kind == Action::Kind::drop)
      drop_job(action.job, ClusterEvent::Kind::dropped, action.reason, action.because_of);
  }
  for (std::size_t a = 0; a < actions.actions.size(); ++a) {
    const Action& action = actions.actions[a];
    if (action.kind != Action::Kind::start && action.kind != Action::Kind::change) continue;
    checks().placement(scheduler, action);
    enter(scheduler, action, given[a]);
  }
  for (const Wait& wait : actions.waits) note_wait(wait);
  wake_at(scheduler, actions.wake_at_seconds);
}

void JobLife::enter(Scheduler& scheduler, const Action& action, const Placement& given) {
  const JobId job = action.job;
  const bool goes_on = action.kind == Action::Kind::change;
  const bool first = status[job.index()].starts == 0;
  occupy(job, action.placement);
  last_wait[job.index()] = {{}, Reason::none, {}, 0};  // another wait begins anew
  const double cost = begin_run(job, first);
  if (!goes_on) {
    scheduler.running.push_back(job);
    set_state(job, JobState::running);
  }
  if (!first) ++counts.restarts;
  using Kind = ClusterEvent::Kind;
  emit({.kind = goes_on ? Kind::changed : (first ? Kind::started : Kind::resumed),
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = action.reason,
        .because_of = action.because_of,
        .restart_seconds = cost,
        .placement = placements[job.index()],
        .old_placement = given,
        .speed = status[job.index()].speed,
        .origin = origin_on(job, placements[job.index()])});
}

void JobLife::preempt_job(const Action& action) {
  const Placement given = suspend(action.job);
  emit({.kind = ClusterEvent::Kind::preempted,
        .seconds = engine.now_seconds(),
        .job = action.job,
        .reason = action.reason,
        .because_of = action.because_of,
        .placement = given});
}

void JobLife::drop_job(JobId job, ClusterEvent::Kind kind, Reason reason, JobId because_of) {
  set_state(job, JobState::rejected);
  ++counts.rejected;
  emit({.kind = kind,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = reason,
        .because_of = because_of});
  close_job(job);
}

void JobLife::explain_wait(const Scheduler& scheduler, JobId job) {
  const Reason told = last_wait[job.index()].reason;
  if (!told.is_none() && told != Reason::next_round) return;
  const Demand& demand = division.demands[division.demand_of[job.index()].index()];
  const bool enough = enough_free(*scheduler.free, demand);
  note_wait({job, enough ? Reason::passed_over : Reason::not_enough_gpus, {}, 0});
}

void JobLife::note_round(JobId job) {
  if (common.round_seconds <= 0) return;
  const double now = engine.now_seconds();
  const double next = std::ceil(now / common.round_seconds) * common.round_seconds;
  if (next > now) note_wait({job, Reason::next_round, {}, next});
}

void JobLife::note_wait(const Wait& wait) {
  if (status[wait.job.index()].state != JobState::pending) return;
  Wait& last = last_wait[wait.job.index()];
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

// --- speeds --------------------------------------------------------------------------------------

bool JobLife::has_task(JobId job) const {
  return throughputs != nullptr && !throughputs->task_of[job.index()].is_none();
}

const models::Throughput& JobLife::throughput_on(JobId job, const Placement& placement) const {
  return throughputs->run->of(throughputs->task_of[job.index()],
                              type_of(placement, inventory).index(), locality_of(placement));
}

models::ThroughputOrigin JobLife::origin_on(JobId job, const Placement& placement) const {
  return has_task(job) ? throughput_on(job, placement).origin : models::ThroughputOrigin::none;
}

double JobLife::iteration_unit(JobId job) const {
  const workloads::TrainingJob& j = workload.jobs[job.index()];
  return j.duration_seconds / static_cast<double>(j.iterations);
}

double JobLife::speed_on(JobId job, const Placement& placement) const {
  if (!has_task(job))
    return static_cast<double>(platform::gpus_of(placement)) / workload.jobs[job.index()].gpus;
  const models::Throughput& found = throughput_on(job, placement);
  if (!found.feasible()) checks().refuse_placement(job, placement);
  return iteration_unit(job) / found.iteration_seconds;
}

// --- runs ----------------------------------------------------------------------------------------

void JobLife::occupy(JobId job, Placement placement) {
  for (NodeShare& share : placement) platform.ledger.take(holder, share);
  placements[job.index()] = std::move(placement);
}

Placement JobLife::release(JobId job) {
  Placement given = std::exchange(placements[job.index()], {});
  for (const NodeShare& share : given) platform.ledger.give(holder, share);
  return given;
}

void JobLife::finish(JobId job, const Placement& given) {
  ++counts.finished;
  emit({.kind = ClusterEvent::Kind::finished,
        .seconds = engine.now_seconds(),
        .job = job,
        .placement = given});
  scheduler_of(job).finished.push_back(job);
  has_finished(job);
  close_job(job);
}

void JobLife::close_job(JobId job) {
  watch.advanced();
  for (const auto& next : successions.release_after(job, engine.now_seconds()))
    if (arrives_at(next.seconds))
      engine.at(next.seconds, Priority::arrival, [this, id = next.job] { submit(id); });
  if (--open_jobs == 0) platform.outages.close_world();
}

void JobLife::set_state(JobId job, JobState to) {
  JobStatus& s = status[job.index()];
  assert(may_follow(s.state, to));
  s.state = to;
}

void JobLife::emit(const ClusterEvent& event) const {
  for (const ClusterObserver& observer : observers) observer(event);
}

}  // namespace orrery::training
