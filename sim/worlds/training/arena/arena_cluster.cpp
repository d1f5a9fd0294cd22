#include "sim/worlds/training/arena/arena_cluster.hpp"

#include <algorithm>

#include "sim/worlds/training/arena/arena_state.hpp"
#include "sim/worlds/training/arena/arena_throughput.hpp"

namespace orrery::training::arena {

using engine::Priority;
using platform::Placement;

ArenaCluster::ArenaCluster(platform::Platform& platform, platform::HolderId holder,
                           const ArenaConfig& config, const workloads::TrainingWorkload& workload,
                           std::unique_ptr<training::Policy> policy,
                           const training::JobThroughputs& throughputs)
    : Cluster(std::make_unique<State>(platform, holder, config, workload, throughputs)) {
  policy->check(workload, config.round_seconds);
  life_->division.schedulers.front().policy = std::move(policy);
}

void ArenaCluster::reject_unstartable(
    const std::function<std::unique_ptr<training::Policy>()>& make_policy) {
  life_->find_unstartable(make_policy);
}

ArenaCluster::State::State(platform::Platform& the_platform, platform::HolderId the_holder,
                           const ArenaConfig& the_config,
                           const workloads::TrainingWorkload& the_workload,
                           const training::JobThroughputs& the_throughputs)
    : JobLife(the_platform, the_holder,
              {the_config.round_seconds, the_config.restart, nullptr, true, the_config.stuck_after},
              the_workload, &the_throughputs,
              training::divide(the_platform.inventory, the_platform.ledger, the_holder,
                               the_workload, false, &the_throughputs, the_config.policy_adapts)),
      config(the_config),
      rules(the_config.quirks, the_config.round_seconds),
      progress(the_workload.jobs.size()),
      speed(the_workload.jobs.size()) {
  for (std::size_t j = 0; j < progress.size(); ++j) {
    const workloads::TrainingJob& job = workload.jobs[j];
    if (!has_task(JobId(j)))
      throw base::Error(training::where_of(workload, JobId(j), "num_iteration"),
                        "job " + job.id +
                            " is not counted in iterations, expected such jobs only under 'rules: "
                            "arena'");
    progress[j].iterations = static_cast<double>(job.iterations);
  }
}

void ArenaCluster::State::start() {
  JobLife::start();
  engine.at(0, Priority::pass, [this] { run_round(); });
}

bool ArenaCluster::State::arrives_at(double seconds) const {
  return !config.rounds || seconds < static_cast<double>(*config.rounds) * config.round_seconds;
}

void ArenaCluster::State::run_round() {
  advance_running();
  const double now = engine.now_seconds();
  if (wake_at_seconds && *wake_at_seconds <= now) {
    wake_at_seconds.reset();
    scheduler().woken = true;
  }
  const training::Scheduler& s = scheduler();
  if (!s.arrived.empty() || !s.finished.empty() || s.woken) {
    for (const JobId job : s.running) show_progress(job);
    held_before.clear();
    pass(scheduler());
  } else {
    watch_step(training::ProgressWatch::Step::decision);
  }
  emit({.kind = ClusterEvent::Kind::round_ended, .seconds = now, .value = take_throughput()});
  ++round;
  schedule_next_round();
}

void ArenaCluster::State::schedule_next_round() {
  if (config.rounds && round >= *config.rounds) {
    // Nothing more is done, but the clock goes on beyond the horizon, which so cuts the run.
    if (open_jobs > 0) engine.at(round_begin() + config.round_seconds, Priority::pass, [] {});
    return;
  }
  const bool more_to_come = next_arrival < arrival_order.size() || wake_at_seconds.has_value();
  if (!config.rounds && scheduler().running.empty() && !more_to_come) return;
  engine.at(round_begin(), Priority::pass, [this] { run_round(); });
}

void ArenaCluster::State::advance_running() {
  std::vector<JobId> finished;
  for (const JobId job : scheduler().running)
    if (rules.advance(progress[job.index()], speed[job.index()].iteration_seconds))
      finished.push_back(job);
  for (const JobId job : finished) finish_job(job);
}

void ArenaCluster::State::finish_job(JobId job) {
  const Placement given = end_run(job);
  leave_running(job, JobState::finished);
  status[job.index()].work_left_seconds = 0;
  status[job.index()].finish_seconds = engine.now_seconds();
  finish(job, given);
}

double ArenaCluster::State::take_throughput() {
  double sum = 0;
  for (const JobId job : scheduler().running)
    sum += speed[job.index()].samples_per_second * rules.settle_round(progress[job.index()]);
  return config.quirks.rounded_throughputs ? round3(sum) : sum;
}

}  // namespace orrery::training::arena
