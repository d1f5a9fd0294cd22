#include <algorithm>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using platform::NodeId;

void TrainingCluster::State::watch_platform() {
  platform.outages.observe({[this](NodeId node) {
                              fail_node(node);
                              watch_step(ProgressWatch::Step::decision);
                            },
                            [this](NodeId node) { repair_node(node); }});
  platform.ledger.observe_given([this](platform::HolderId by, NodeId node) {
    if (by == holder || !is_active()) return;
    Scheduler* scheduler = scheduler_at(node);
    if (scheduler == nullptr) return;
    scheduler->repaired_nodes.push_back(node);
    request_pass(*scheduler);
  });
}

Scheduler* TrainingCluster::State::scheduler_at(NodeId node) {
  const std::uint32_t index = division.scheduler_of_node[node.index()];
  return index == Division::kNoScheduler ? nullptr : &division.schedulers[index];
}

void TrainingCluster::State::fail_node(NodeId node) {
  Scheduler* scheduler = scheduler_at(node);
  if (scheduler == nullptr || !is_active()) return;
  emit({.kind = ClusterEvent::Kind::node_failed, .seconds = engine.now_seconds(), .node = node});
  const auto uses_node = [&](JobId job) {
    return std::ranges::any_of(placements[job.index()], [&](const platform::NodeShare& share) {
      return share.node == node;
    });
  };
  std::vector<JobId> victims;
  std::ranges::copy_if(scheduler->running, std::back_inserter(victims), uses_node);
  for (const JobId job : victims) interrupt_job(job, node);
  scheduler->failed_nodes.push_back(node);
  request_pass(*scheduler);
}

void TrainingCluster::State::repair_node(NodeId node) {
  Scheduler* scheduler = scheduler_at(node);
  if (scheduler == nullptr || !is_active()) return;
  scheduler->repaired_nodes.push_back(node);
  emit({.kind = ClusterEvent::Kind::node_repaired, .seconds = engine.now_seconds(), .node = node});
  request_pass(*scheduler);
}

void TrainingCluster::State::interrupt_job(JobId job, NodeId node) {
  JobStatus& s = status[job.index()];
  const double now = engine.now_seconds();
  watch.reached(job, work_left(job));
  const double durable = s.durable_left_at(now);
  const double lost = guest_of(job) != nullptr ? 0 : durable - s.remaining_at(now);
  ++s.interruptions;
  const bool given_up =
      guest_of(job) == nullptr && config.job_retries && s.interruptions > *config.job_retries;
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
    close_job(job);
  } else {
    scheduler_of(job).interrupted.push_back(job);
    note_round(job);
    watch_step(ProgressWatch::Step::loss);
  }
}

}  // namespace orrery::training
