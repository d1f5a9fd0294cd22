// How running jobs slow each other down on one fabric (`network: shared`).
#include <algorithm>
#include <optional>
#include <utility>

#include "sim/worlds/training/cluster_state.hpp"
#include "sim/worlds/training/job_traffic.hpp"

namespace orrery::training {

using engine::Priority;
using platform::Placement;

models::CommunicationShare TrainingCluster::State::communication_of(
    JobId job, const Placement& placement) const {
  const models::Locality locality = locality_of(placement);
  const CommunicationConfig& known = config.communication;
  if (has_task(job)) {
    const std::string& type = inventory.types[type_of(placement, inventory).index()];
    const models::TrainingTask& task = throughputs->run->task(throughputs->task_of[job.index()]);
    if (known.table != nullptr)
      if (const auto found = known.table->find(task, type, locality)) return *found;
    if (known.estimate)
      if (const auto found = known.estimate(task, type, locality)) return *found;
  }
  return models::data_parallel_share(locality.gpus(), known.assumed_part);
}

// While a job restarts or its state travels it holds its GPUs and sends nothing of its own.
void TrainingCluster::State::join_fabric(JobId job, double seconds) {
  const Placement& placement = placements[job.index()];
  if (placement.size() < 2) return;
  // Only ratios of this time count: a job given as a duration has iterations of a second.
  const double iteration = has_task(job) ? throughput_on(job, placement).iteration_seconds : 1;
  models::JobTraffic traffic = traffic_of(communication_of(job, placement), placement, fabric,
                                          platform.shares->capacity(), iteration);
  if (traffic.phases.empty()) return;
  if (seconds <= engine.now_seconds()) return join_now(job, std::move(traffic));
  joins[job.index()] = engine.at(
      seconds, Priority::departure,
      [this, job, traffic = std::move(traffic)]() mutable { join_now(job, std::move(traffic)); });
}

void TrainingCluster::State::join_now(JobId job, models::JobTraffic traffic) {
  sharing[job.index()] = platform.shares->join(
      std::move(traffic), [this, job](double slowdown) { slow_down(job, slowdown); });
}

void TrainingCluster::State::leave_fabric(JobId job) {
  engine.cancel(joins[job.index()]);
  platform.shares->leave(std::exchange(sharing[job.index()], {}));
}

void TrainingCluster::State::slow_down(JobId job, double slowdown) {
  const double now = engine.now_seconds();
  JobStatus& s = status[job.index()];
  s.change_speed(now, speed_on(job, placements[job.index()]) / slowdown);
  if (guest_of(job) == nullptr) {
    s.finish_seconds = now + s.run_seconds();
    engine.cancel(departures[job.index()]);
    departures[job.index()] =
        engine.at(s.finish_seconds, Priority::departure, [this, job] { finish_job(job); });
  }
  emit({.kind = ClusterEvent::Kind::shared,
        .seconds = now,
        .job = job,
        .speed = s.speed,
        .slowdown = slowdown});
}

}  // namespace orrery::training
