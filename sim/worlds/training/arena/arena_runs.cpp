#include <algorithm>
#include <cmath>

#include "sim/worlds/training/arena/arena_state.hpp"

namespace orrery::training::arena {

using platform::NodeShare;
using platform::Placement;

double ArenaCluster::State::work_left(JobId job) const {
  return rules.remaining(progress[job.index()], speed[job.index()].iteration_seconds) *
         iteration_unit(job);
}

void ArenaCluster::State::show_progress(JobId job) {
  JobStatus& s = status[job.index()];
  const JobProgress& p = progress[job.index()];
  s.work_left_seconds = work_left(job);
  s.progress_from_seconds = engine.now_seconds() + p.debt_seconds;
  const double rounds = rules.rounds_to_end(p, speed[job.index()].iteration_seconds);
  s.finish_seconds = engine.now_seconds() + rounds * config.round_seconds;
}

double ArenaCluster::State::charge(std::int32_t gpus, bool first) const {
  return first && !config.quirks.charged_first_starts ? 0 : config.restart.seconds(gpus);
}

double ArenaCluster::State::seconds(JobId job, const Placement& placement) const {
  JobProgress p = progress[job.index()];
  const bool first = status[job.index()].starts == 0;
  rules.reschedule(p, charge(platform::gpus_of(placement), first));
  return rules.rounds_to_end(p, throughput_on(job, placement).iteration_seconds) *
         config.round_seconds;
}

double ArenaCluster::State::begin_run(JobId job, bool first) {
  JobStatus& s = status[job.index()];
  JobProgress& p = progress[job.index()];
  const Placement& held = placements[job.index()];
  ++s.starts;
  s.gpus = platform::gpus_of(held);
  s.held_gpus = s.gpus;
  s.speed = speed_on(job, held);
  s.started_seconds = engine.now_seconds();
  speed[job.index()] = throughput_on(job, held);
  double cost = p.debt_seconds;
  if (got_new_gpus(job)) {
    cost = charge(s.gpus, first);
    rules.reschedule(p, cost);
  }
  show_progress(job);
  return cost;
}

bool ArenaCluster::State::got_new_gpus(JobId job) const {
  const auto before = held_before.find(job);
  if (before == held_before.end()) return true;
  return std::ranges::any_of(placements[job.index()], [&](const NodeShare& share) {
    const auto old = std::ranges::find(before->second, share.node, &NodeShare::node);
    return old == before->second.end() || (share.slots & ~old->slots) != 0;
  });
}

Placement ArenaCluster::State::suspend(JobId job) {
  const double iteration = speed[job.index()].iteration_seconds;
  Placement given = end_run(job);
  leave_running(job, JobState::pending);
  rules.suspend(progress[job.index()], iteration);
  status[job.index()].work_left_seconds = progress[job.index()].iterations * iteration_unit(job);
  return given;
}

Placement ArenaCluster::State::vacate(JobId job) {
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
  held_before.try_emplace(job, placements[job.index()]);
  return release(job);
}

void ArenaCluster::State::leave_running(JobId job, JobState to) {
  set_state(job, to);
  std::erase(scheduler().running, job);
}

}  // namespace orrery::training::arena
