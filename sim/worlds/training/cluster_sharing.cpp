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
  const bool has_task = throughputs != nullptr && !throughputs->task_of[job.index()].is_none();
  if (has_task) {
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
  const bool has_task = throughputs != nullptr && !throughputs->task_of[job.index()].is_none();
  const double iteration = has_task ? throughput_on(job, placement).iteration_seconds : 1;
  models::JobTraffic traffic = traffic_of(communication_of(job, placement), placement, fabric,
                                          sharing->capacity(), iteration);
  if (traffic.phases.empty()) return;
  if (seconds <= engine.now_seconds()) {
    sharing->join(job, std::move(traffic));
    request_rates();
    return;
  }
  joins[job.index()] =
      engine.at(seconds, Priority::departure, [this, job, traffic = std::move(traffic)]() mutable {
        sharing->join(job, std::move(traffic));
        request_rates();
      });
}

void TrainingCluster::State::leave_fabric(JobId job) {
  engine.cancel(joins[job.index()]);
  if (sharing->leave(job)) request_rates();
}

void TrainingCluster::State::request_rates() {
  if (std::exchange(rates_pending, true)) return;
  engine.at(engine.now_seconds(), Priority::rates, [this] {
    rates_pending = false;
    apply_rates();
  });
}

void TrainingCluster::State::apply_rates() {
  const double now = engine.now_seconds();
  for (const SharedFabric::Change& change : sharing->solve()) {
    JobStatus& s = status[change.job.index()];
    s.change_speed(now, speed_on(change.job, placements[change.job.index()]) / change.slowdown);
    s.finish_seconds = now + s.run_seconds();
    engine.cancel(departures[change.job.index()]);
    departures[change.job.index()] = engine.at(s.finish_seconds, Priority::departure,
                                               [this, job = change.job] { finish_job(job); });
    emit({.kind = ClusterEvent::Kind::shared,
          .seconds = now,
          .job = change.job,
          .speed = s.speed,
          .slowdown = change.slowdown});
  }
}

}  // namespace orrery::training
