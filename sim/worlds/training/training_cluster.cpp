#include "sim/worlds/training/training_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using engine::Priority;
using platform::Placement;

TrainingCluster::TrainingCluster(platform::Platform& platform, platform::HolderId holder,
                                 const TrainingClusterConfig& config,
                                 const workloads::TrainingWorkload& workload,
                                 const std::function<std::unique_ptr<Policy>()>& make_policy,
                                 const JobThroughputs* throughputs,
                                 std::vector<platform::Guest> guests)
    : Cluster(std::make_unique<State>(platform, holder, config, workload, throughputs,
                                      std::move(guests))),
      state_(static_cast<State&>(*life_)) {
  for (Scheduler& scheduler : state_.division.schedulers) scheduler.policy = make_policy();
  state_.division.schedulers.front().policy->check(workload, config.round_seconds);
  state_.find_unstartable(make_policy);
  state_.refuse_oversized();
  state_.watch_platform();
}

void TrainingCluster::check_invariants() const {
  state_.check_invariants();
}

TrainingCluster::State::State(platform::Platform& the_platform, platform::HolderId the_holder,
                              const TrainingClusterConfig& the_config,
                              const workloads::TrainingWorkload& the_workload,
                              const JobThroughputs* the_throughputs,
                              std::vector<platform::Guest> the_guests)
    : JobLife(the_platform, the_holder,
              {the_config.round_seconds, the_config.restart, &the_platform.fabric, false,
               the_config.stuck_after},
              the_workload, the_throughputs,
              divide(the_platform.inventory, the_platform.ledger, the_holder, the_workload,
                     the_config.virtual_clusters == VirtualClusters::partition, the_throughputs,
                     the_config.policy_adapts)),
      config(the_config),
      fabric(the_platform.fabric),
      departures(the_workload.jobs.size()),
      guests(std::move(the_guests)),
      guest_has_left(guests.size(), false),
      open_guests(guests.size()) {
  if (platform.shares) {
    joins.resize(workload.jobs.size());
    sharing.resize(workload.jobs.size());
  }
  if (config.checkpoint) {
    for (JobStatus& s : status) {
      s.checkpoint_every_seconds = config.checkpoint->every_seconds;
      s.checkpoint_write_seconds = config.checkpoint->write_seconds;
    }
  }
  for (std::size_t g = 0; g < guests.size(); ++g)
    *guests[g].leave = [this, job = JobId(g)] { leave_guest(job); };
}

void TrainingCluster::State::refuse_oversized() {
  if (division.oversized.empty() || config.on_oversized_job == OversizedJob::reject) return;
  const JobId job = division.oversized.front();
  if (has_task(job)) refuse_unrunnable(job);
  const Demand& demand = division.demands[division.demand_of[job.index()].index()];
  const auto& free = *division.schedulers[division.scheduler_of_job[job.index()]].free;
  std::int32_t most = 0;
  for (const auto type : demand.types) most = std::max(most, free.up_gpus(type));
  if (most >= demand.gpus)
    throw base::Error(
        where_of(workload, job, "gpus"),
        fmt::format("job {} asks for {} GPUs, and even on the idle cluster the policy has no shape "
                    "for them on its nodes; expected another 'placement' or policy, or "
                    "'on_oversized_job: reject' to leave such jobs out",
                    workload.jobs[job.index()].id, demand.gpus));
  throw base::Error(
      where_of(workload, job, "gpus"),
      fmt::format("job {} asks for {} GPUs of one type, but the cluster has only {} for it; set "
                  "'on_oversized_job: reject' to leave such jobs out",
                  workload.jobs[job.index()].id, demand.gpus, most));
}

void TrainingCluster::State::refuse_unrunnable(JobId job) const {
  const workloads::TrainingJob& j = workload.jobs[job.index()];
  throw base::Error(
      where_of(workload, job, "model"),
      fmt::format("job {} ({}, batch {}) cannot run on {} GPUs of {}: no throughput is known for "
                  "it there, or it does not fit; set 'on_oversized_job: reject' to leave such jobs "
                  "out",
                  j.id, workload.names.text(j.model), j.batch_samples, j.gpus,
                  j.gpu_types.is_none() ? "any type" : workload.names.text(j.gpu_types)));
}

// --- the run of a job ----------------------------------------------------------------------------

double TrainingCluster::State::begin_run(JobId job, bool first) {
  JobStatus& s = status[job.index()];
  const Demand& demand = division.demands[division.demand_of[job.index()].index()];
  const Placement& placement = placements[job.index()];
  const double now = engine.now_seconds();
  if (const platform::Guest* guest = guest_of(job))
    platform.ledger.count_for(holder, guest->holder, guest_milli(job));
  ++s.starts;
  s.gpus = platform::gpus_of(placement);
  s.held_gpus = s.gpus * static_cast<double>(demand.milli) / 1000;
  s.speed = speed_on(job, placement);
  s.started_seconds = now;
  double cost = change_seconds(job, first);
  if (!first && config.migration) {
    if (platform.shares && migrate(job, cost)) return std::numeric_limits<double>::infinity();
    cost += isolated_migration_seconds(job, placement);
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
  if (platform::Guest* guest = guest_of(job)) {
    platform.ledger.count_for(guest->holder, holder, guest_milli(job));
    guest->displaced();
  }
  if (config.migration) remember_nodes(job, placements[job.index()]);
  return release(job);
}

void TrainingCluster::State::leave_running(JobId job) {
  auto& running = scheduler_of(job).running;
  running.erase(std::ranges::find(running, job));
}

void TrainingCluster::State::finish_job(JobId job) {
  const double finished = status[job.index()].finish_seconds;
  const Placement given = end_run(job, 0, JobState::finished);
  status[job.index()].finish_seconds = finished;
  finish(job, given);
}

Placement TrainingCluster::State::suspend(JobId job) {
  return end_run(job, status[job.index()].remaining_at(engine.now_seconds()), JobState::pending);
}

Placement TrainingCluster::State::vacate(JobId job) {
  return end_run(job, status[job.index()].remaining_at(engine.now_seconds()), JobState::running);
}

}  // namespace orrery::training
