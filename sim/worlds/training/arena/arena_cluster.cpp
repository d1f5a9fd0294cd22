#include "sim/worlds/training/arena/arena_cluster.hpp"

#include <algorithm>
#include <cassert>

#include "sim/worlds/training/arena/arena_state.hpp"
#include "sim/worlds/training/arena/arena_throughput.hpp"

namespace orrery::training::arena {

using engine::Priority;
using platform::Placement;

ArenaCluster::ArenaCluster(platform::Platform& platform, platform::HolderId holder,
                           const ArenaConfig& config, const workloads::TrainingWorkload& workload,
                           std::unique_ptr<training::Policy> policy,
                           const training::JobThroughputs& throughputs)
    : state_(std::make_unique<State>(platform, holder, config, workload, throughputs)) {
  state_->scheduler().policy = std::move(policy);
}

ArenaCluster::~ArenaCluster() = default;

void ArenaCluster::observe(training::ClusterObserver observer) {
  state_->observers.push_back(std::move(observer));
}
void ArenaCluster::observe_decisions(std::function<void(double)> observer) {
  state_->decision_observer = std::move(observer);
}
void ArenaCluster::start() {
  state_->platform.outages.open_world();
  state_->schedule_next_arrival();
  state_->engine.at(0, Priority::pass, [this] { state_->run_round(); });
}
bool ArenaCluster::all_done() const {
  return state_->open_jobs == 0;
}
const training::ClusterCounts& ArenaCluster::counts() const {
  return state_->counts;
}
std::span<const JobStatus> ArenaCluster::status() const {
  return state_->status;
}

ArenaCluster::State::State(platform::Platform& the_platform, platform::HolderId the_holder,
                           const ArenaConfig& the_config,
                           const workloads::TrainingWorkload& the_workload,
                           const training::JobThroughputs& the_throughputs)
    : platform(the_platform),
      holder(the_holder),
      engine(the_platform.engine),
      config(the_config),
      rules(the_config.quirks, the_config.round_seconds),
      inventory(the_platform.inventory),
      workload(the_workload),
      throughputs(the_throughputs),
      division(training::divide(the_platform.inventory, the_platform.ledger, the_holder,
                                the_workload, false, &the_throughputs, the_config.policy_adapts)) {
  const std::size_t jobs = workload.jobs.size();
  status.resize(jobs);
  progress.resize(jobs);
  speed.resize(jobs);
  placements.resize(jobs);
  last_wait.resize(jobs);
  for (training::Wait& wait : last_wait) wait.reason = training::Reason::none;
  for (std::size_t j = 0; j < jobs; ++j) {
    const workloads::TrainingJob& job = workload.jobs[j];
    if (throughputs.task_of[j].is_none())
      throw base::Error(training::where_of(workload, JobId(j), "num_iteration"),
                        "job " + job.id +
                            " is not counted in iterations, expected such jobs only under 'rules: "
                            "arena'");
    progress[j].iterations = static_cast<double>(job.iterations);
    status[j].work_left_seconds = job.duration_seconds;
    arrival_order.emplace_back(j);
  }
  std::stable_sort(arrival_order.begin(), arrival_order.end(), [&](JobId a, JobId b) {
    return workload.jobs[a.index()].submit_seconds < workload.jobs[b.index()].submit_seconds;
  });
  open_jobs = jobs;
}

// --- rounds --------------------------------------------------------------------------------------

void ArenaCluster::State::schedule_next_arrival() {
  if (next_arrival == arrival_order.size()) return;
  const double at = workload.jobs[arrival_order[next_arrival].index()].submit_seconds;
  if (config.rounds && at >= static_cast<double>(*config.rounds) * config.round_seconds) return;
  engine.at(at, Priority::arrival, [this] { arrive(); });
}

void ArenaCluster::State::arrive() {
  const double now = engine.now_seconds();
  for (; next_arrival < arrival_order.size(); ++next_arrival) {
    const JobId job = arrival_order[next_arrival];
    if (workload.jobs[job.index()].submit_seconds > now) break;
    ++counts.submitted;
    if (std::ranges::binary_search(division.oversized, job)) {
      drop_job(job, ClusterEvent::Kind::rejected, training::Reason::none, {});
      continue;
    }
    set_state(job, JobState::pending);
    emit({.kind = ClusterEvent::Kind::submitted, .seconds = now, .job = job});
    scheduler().arrived.push_back(job);
  }
  schedule_next_arrival();
}

void ArenaCluster::State::run_round() {
  advance_running();
  const double now = engine.now_seconds();
  if (wake_at_seconds && *wake_at_seconds <= now) {
    wake_at_seconds.reset();
    scheduler().woken = true;
  }
  const training::Scheduler& s = scheduler();
  if (!s.arrived.empty() || !s.finished.empty() || s.woken) pass();
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
  const double now = engine.now_seconds();
  const Placement given = end_run(job);
  set_state(job, JobState::finished);
  std::erase(scheduler().running, job);
  status[job.index()].work_left_seconds = 0;
  status[job.index()].finish_seconds = now;
  ++counts.finished;
  close_job();
  emit({.kind = ClusterEvent::Kind::finished, .seconds = now, .job = job, .placement = given});
  scheduler().finished.push_back(job);
}

void ArenaCluster::State::close_job() {
  if (--open_jobs == 0) platform.outages.close_world();
}

double ArenaCluster::State::take_throughput() {
  double sum = 0;
  for (const JobId job : scheduler().running)
    sum += speed[job.index()].samples_per_second * rules.settle_round(progress[job.index()]);
  return config.quirks.rounded_throughputs ? round3(sum) : sum;
}

void ArenaCluster::State::set_state(JobId job, JobState to) {
  JobStatus& s = status[job.index()];
  assert(training::may_follow(s.state, to));
  s.state = to;
}

void ArenaCluster::State::emit(const ClusterEvent& event) const {
  for (const training::ClusterObserver& observer : observers) observer(event);
}

}  // namespace orrery::training::arena
