#include "sim/worlds/training/training_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "sim/worlds/training/cluster_state.hpp"
#include "sim/worlds/training/placement.hpp"

namespace orrery::training {

using engine::Priority;
using platform::NodeId;
using platform::NodeShare;
using platform::Placement;

TrainingCluster::TrainingCluster(platform::Platform& platform, platform::HolderId holder,
                                 const TrainingClusterConfig& config,
                                 const workloads::TrainingWorkload& workload,
                                 const std::function<std::unique_ptr<Policy>()>& make_policy,
                                 const JobThroughputs* throughputs,
                                 std::vector<platform::Guest> guests)
    : state_(std::make_unique<State>(platform, holder, config, workload, throughputs,
                                     std::move(guests))) {
  state_->division = divide(platform.inventory, platform.ledger, holder, workload,
                            config.virtual_clusters == VirtualClusters::partition, throughputs,
                            config.policy_adapts);
  for (Scheduler& scheduler : state_->division.schedulers) scheduler.policy = make_policy();
  state_->refuse_oversized();
  state_->watch_platform();
}

TrainingCluster::~TrainingCluster() = default;

void TrainingCluster::observe(ClusterObserver observer) {
  state_->observers.push_back(std::move(observer));
}

void TrainingCluster::observe_decisions(std::function<void(double)> observer) {
  state_->decision_observer = std::move(observer);
}

void TrainingCluster::start() {
  state_->platform.outages.open_world();
  state_->schedule_next_arrival();
}

bool TrainingCluster::all_done() const {
  return state_->open_jobs == 0;
}
const ClusterCounts& TrainingCluster::counts() const {
  return state_->counts;
}
std::span<const JobStatus> TrainingCluster::status() const {
  return state_->status;
}
void TrainingCluster::check_invariants() const {
  state_->check_invariants();
}

// --- arrivals ------------------------------------------------------------------------------------

TrainingCluster::State::State(platform::Platform& the_platform, platform::HolderId the_holder,
                              const TrainingClusterConfig& the_config,
                              const workloads::TrainingWorkload& the_workload,
                              const JobThroughputs* the_throughputs,
                              std::vector<platform::Guest> the_guests)
    : platform(the_platform),
      holder(the_holder),
      engine(the_platform.engine),
      config(the_config),
      inventory(the_platform.inventory),
      fabric(the_platform.fabric),
      workload(the_workload),
      throughputs(the_throughputs),
      guests(std::move(the_guests)),
      guest_has_left(guests.size(), false),
      open_guests(guests.size()) {
  const std::size_t jobs = workload.jobs.size();
  status.resize(jobs);
  placements.resize(jobs);
  departures.resize(jobs);
  last_wait.resize(jobs);
  if (platform.shares) {
    joins.resize(jobs);
    sharing.resize(jobs);
  }
  arrival_order.reserve(jobs);
  for (std::size_t j = 0; j < jobs; ++j) {
    arrival_order.emplace_back(j);
    JobStatus& s = status[j];
    s.work_left_seconds = workload.jobs[j].duration_seconds;
    if (config.checkpoint) {
      s.checkpoint_every_seconds = config.checkpoint->every_seconds;
      s.checkpoint_write_seconds = config.checkpoint->write_seconds;
    }
  }
  std::stable_sort(arrival_order.begin(), arrival_order.end(), [&](JobId a, JobId b) {
    return workload.jobs[a.index()].submit_seconds < workload.jobs[b.index()].submit_seconds;
  });
  open_jobs = jobs - guests.size();
  for (std::size_t g = 0; g < guests.size(); ++g)
    *guests[g].leave = [this, job = JobId(g)] { leave_guest(job); };
}

void TrainingCluster::State::refuse_oversized() {
  if (division.oversized.empty() || config.on_oversized_job == OversizedJob::reject) return;
  const JobId job = division.oversized.front();
  if (throughputs != nullptr && !throughputs->task_of[job.index()].is_none())
    refuse_unrunnable(job);
  const Demand& demand = division.demands[division.demand_of[job.index()].index()];
  const auto& free = *division.schedulers[division.scheduler_of_job[job.index()]].free;
  std::int32_t most = 0;
  for (const auto type : demand.types) most = std::max(most, free.up_gpus(type));
  throw base::Error(
      where_of(workload, job, "gpus"),
      fmt::format("job {} asks for {} GPUs of one type, but the cluster has only {} for it; set "
                  "'on_oversized_job: reject' to leave such jobs out",
                  workload.jobs[job.index()].id, demand.gpus, most));
}

void TrainingCluster::State::schedule_next_arrival() {
  if (next_arrival == arrival_order.size()) return;
  const double at = workload.jobs[arrival_order[next_arrival].index()].submit_seconds;
  engine.at(at, Priority::arrival, [this] { arrive(); });
}

void TrainingCluster::State::arrive() {
  const double now = engine.now_seconds();
  for (; next_arrival < arrival_order.size(); ++next_arrival) {
    const JobId job = arrival_order[next_arrival];
    if (workload.jobs[job.index()].submit_seconds > now) break;
    counts.submitted += workload.jobs[job.index()].endless ? 0 : 1;
    if (std::ranges::binary_search(division.oversized, job)) {
      set_state(job, JobState::rejected);
      ++counts.rejected;
      emit({.kind = ClusterEvent::Kind::rejected, .seconds = now, .job = job});
      close_job();
      continue;
    }
    set_state(job, JobState::pending);
    emit({.kind = ClusterEvent::Kind::submitted, .seconds = now, .job = job});
    Scheduler& scheduler = scheduler_of(job);
    scheduler.arrived.push_back(job);
    request_pass(scheduler);
  }
  schedule_next_arrival();
}

// --- the run of a job ----------------------------------------------------------------------------

void TrainingCluster::State::start_job(Scheduler& scheduler, const Action& action) {
  const JobId job = action.job;
  JobStatus& s = status[job.index()];
  occupy(job, action.placement);
  const bool resumed = s.starts > 0;
  const double cost = begin_run(job, resumed);
  scheduler.running.push_back(job);
  set_state(job, JobState::running);
  if (resumed) ++counts.restarts;
  emit({.kind = resumed ? ClusterEvent::Kind::resumed : ClusterEvent::Kind::started,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = action.reason,
        .because_of = action.because_of,
        .restart_seconds = cost,
        .placement = placements[job.index()],
        .speed = s.speed,
        .origin = origin_on(job, placements[job.index()])});
}

void TrainingCluster::State::occupy(JobId job, Placement placement) {
  for (NodeShare& share : placement) platform.ledger.take(holder, share);
  if (const platform::Guest* guest = guest_of(job))
    platform.ledger.count_for(holder, guest->holder, std::int64_t{1000} * gpus_of(placement));
  placements[job.index()] = std::move(placement);
}

double TrainingCluster::State::begin_run(JobId job, bool resumed) {
  JobStatus& s = status[job.index()];
  const Demand& demand = division.demands[division.demand_of[job.index()].index()];
  const Placement& placement = placements[job.index()];
  const double now = engine.now_seconds();
  ++s.starts;
  s.gpus = platform::gpus_of(placement);
  s.held_gpus = s.gpus * static_cast<double>(demand.milli) / 1000;
  s.speed = speed_on(job, placement);
  s.started_seconds = now;
  double cost = change_seconds(job, resumed);
  if (resumed && config.migration) {
    if (platform.shares && migrate(job, cost)) return std::numeric_limits<double>::infinity();
    cost += isolated_migration_seconds(job);
  }
  run_from(job, now + cost);
  return cost;
}

void TrainingCluster::State::run_from(JobId job, double seconds) {
  JobStatus& s = status[job.index()];
  s.progress_from_seconds = seconds;
  s.cycle_from_seconds = 0;
  s.undurable_work_seconds = 0;
  s.finish_seconds = seconds + s.run_seconds();
  departures[job.index()] =
      guest_of(job) != nullptr
          ? engine.at(seconds, Priority::departure, [this, job] { guest_is_ready(job); })
          : engine.at(s.finish_seconds, Priority::departure, [this, job] { finish_job(job); });
  if (platform.shares) join_fabric(job, seconds);
}

Placement TrainingCluster::State::end_run(JobId job, double work_left_seconds, JobState to) {
  JobStatus& s = status[job.index()];
  const double now = engine.now_seconds();
  s.attained_gpu_seconds = s.attained_at(now);
  s.work_left_seconds = work_left_seconds;
  s.finish_seconds = std::numeric_limits<double>::infinity();
  s.gpus = 0;
  s.held_gpus = 0;
  s.speed = 1;
  s.cycle_from_seconds = 0;
  s.undurable_work_seconds = 0;
  if (to != JobState::running) {
    set_state(job, to);
    leave_running(job);
  }
  engine.cancel(departures[job.index()]);
  cancel_migration(job);
  if (platform.shares) leave_fabric(job);
  Placement given = std::move(placements[job.index()]);
  placements[job.index()].clear();
  if (platform::Guest* guest = guest_of(job)) {
    platform.ledger.count_for(guest->holder, holder, std::int64_t{1000} * gpus_of(given));
    guest->displaced();
  }
  if (config.migration) remember_nodes(job, given);
  for (const NodeShare& share : given) platform.ledger.give(holder, share);
  return given;
}

void TrainingCluster::State::leave_running(JobId job) {
  auto& running = scheduler_of(job).running;
  running.erase(std::ranges::find(running, job));
}

void TrainingCluster::State::finish_job(JobId job) {
  const double finished = status[job.index()].finish_seconds;
  const Placement given = end_run(job, 0, JobState::finished);
  status[job.index()].finish_seconds = finished;
  ++counts.finished;
  emit({.kind = ClusterEvent::Kind::finished,
        .seconds = engine.now_seconds(),
        .job = job,
        .placement = given});
  Scheduler& scheduler = scheduler_of(job);
  scheduler.finished.push_back(job);
  request_pass(scheduler);
  close_job();
}

void TrainingCluster::State::preempt_job(const Action& action) {
  const JobId job = action.job;
  const double left = status[job.index()].remaining_at(engine.now_seconds());
  const Placement given = end_run(job, left, JobState::pending);
  emit({.kind = ClusterEvent::Kind::preempted,
        .seconds = engine.now_seconds(),
        .job = job,
        .reason = action.reason,
        .because_of = action.because_of,
        .placement = given});
}

Placement TrainingCluster::State::vacate(const Action& action) {
  const JobId job = action.job;
  const double left = status[job.index()].remaining_at(engine.now_seconds());
  return end_run(job, left, JobState::running);
}

void TrainingCluster::State::change_job(const Action& action, const Placement& given) {
  const JobId job = action.job;
  occupy(job, action.placement);
  const double cost = begin_run(job, true);
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
        .origin = origin_on(job, placements[job.index()])});
}

void TrainingCluster::State::drop_job(const Action& action) {
  set_state(action.job, JobState::rejected);
  ++counts.rejected;
  emit({.kind = ClusterEvent::Kind::dropped,
        .seconds = engine.now_seconds(),
        .job = action.job,
        .reason = action.reason,
        .because_of = action.because_of});
  close_job();
}

void TrainingCluster::State::set_state(JobId job, JobState to) {
  JobStatus& s = status[job.index()];
  assert(may_follow(s.state, to));
  s.state = to;
}

void TrainingCluster::State::close_job() {
  if (--open_jobs == 0) platform.outages.close_world();
}

void TrainingCluster::State::emit(const ClusterEvent& event) const {
  for (const ClusterObserver& observer : observers) observer(event);
}

}  // namespace orrery::training
