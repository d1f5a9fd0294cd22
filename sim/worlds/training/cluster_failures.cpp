#include <algorithm>
#include <cmath>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using engine::Priority;
using platform::NodeId;

void TrainingCluster::State::schedule_failures() {
  if (!config.cluster.failures) return;
  failures = std::make_unique<platform::FailureSource>(*config.cluster.failures, inventory,
                                                       config.seed, config.where);
  failure_events.resize(inventory.nodes.size());
  for (std::size_t n = 0; n < inventory.nodes.size(); ++n) schedule_failure(NodeId(n), 0);
}

void TrainingCluster::State::schedule_failure(NodeId node, double after_seconds) {
  if (open_jobs == 0) return;
  const auto outage = failures->next(node, after_seconds);
  if (!outage) return;
  failure_events[node.index()] =
      engine.at(outage->down_seconds, Priority::failure,
                [this, node, up = outage->up_seconds] { fail_node(node, up); });
}

void TrainingCluster::State::fail_node(NodeId node, double up_seconds) {
  Scheduler& scheduler = division.schedulers[division.scheduler_of_node[node.index()]];
  emit({.kind = ClusterEvent::Kind::node_failed, .seconds = engine.now_seconds(), .node = node});
  const auto uses_node = [&](JobId job) {
    return std::ranges::any_of(placements[job.index()], [&](const platform::NodeShare& share) {
      return share.node == node;
    });
  };
  std::vector<JobId> victims;
  std::ranges::copy_if(scheduler.running, std::back_inserter(victims), uses_node);
  for (const JobId job : victims) interrupt_job(job, node);
  scheduler.free.set_up(node, false);
  scheduler.failed_nodes.push_back(node);
  request_pass(scheduler);
  if (open_jobs == 0 || !std::isfinite(up_seconds)) return;
  failure_events[node.index()] =
      engine.at(up_seconds, Priority::failure, [this, node] { repair_node(node); });
}

void TrainingCluster::State::repair_node(NodeId node) {
  Scheduler& scheduler = division.schedulers[division.scheduler_of_node[node.index()]];
  scheduler.free.set_up(node, true);
  scheduler.repaired_nodes.push_back(node);
  emit({.kind = ClusterEvent::Kind::node_repaired, .seconds = engine.now_seconds(), .node = node});
  request_pass(scheduler);
  schedule_failure(node, engine.now_seconds());
}

void TrainingCluster::State::interrupt_job(JobId job, NodeId node) {
  JobStatus& s = status[job.index()];
  const double now = engine.now_seconds();
  const double durable = s.durable_left_at(now);
  const double lost = durable - s.remaining_at(now);
  ++s.interruptions;
  const bool given_up = config.cluster.job_retries && s.interruptions > *config.cluster.job_retries;
  const platform::Placement given =
      end_run(job, durable, given_up ? JobState::failed : JobState::pending);
  emit({.kind = given_up ? ClusterEvent::Kind::failed : ClusterEvent::Kind::interrupted,
        .seconds = now,
        .job = job,
        .node = node,
        .reason = Reason::node_failure,
        .lost_work_seconds = lost,
        .placement = given});
  if (given_up) {
    ++counts.failed;
    scheduler_of(job).finished.push_back(job);
    close_job();
  } else {
    scheduler_of(job).interrupted.push_back(job);
  }
}

void TrainingCluster::State::cancel_failures() {
  for (const engine::EventHandle event : failure_events) engine.cancel(event);
}

}  // namespace orrery::training
