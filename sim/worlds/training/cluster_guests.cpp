// Replicas of other worlds that this cluster's policy places: the first jobs, without an end.
#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

platform::Guest* TrainingCluster::State::guest_of(JobId job) {
  return job.index() < guests.size() ? &guests[job.index()] : nullptr;
}

std::int64_t TrainingCluster::State::guest_milli(JobId job) const {
  return std::int64_t{platform::kWholeGpuMilli} * platform::gpus_of(placements[job.index()]);
}

void TrainingCluster::State::guest_is_ready(JobId job) {
  // A policy knows a job until it ends, so one that leaves while it waits is ended at its start.
  if (guest_has_left[job.index()]) return end_guest(job);
  guest_of(job)->placed(placements[job.index()]);
}

void TrainingCluster::State::leave_guest(JobId job) {
  guest_has_left[job.index()] = true;
  if (status[job.index()].state == JobState::running) end_guest(job);
}

void TrainingCluster::State::end_guest(JobId job) {
  const platform::Placement given = end_run(job, 0, JobState::finished);
  emit({.kind = ClusterEvent::Kind::finished,
        .seconds = engine.now_seconds(),
        .job = job,
        .placement = given});
  --open_guests;
  Scheduler& scheduler = scheduler_of(job);
  scheduler.finished.push_back(job);
  request_pass(scheduler);
}

}  // namespace orrery::training
