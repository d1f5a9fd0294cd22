#include "sim/worlds/training/action_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace orrery::training {

namespace {

[[noreturn]] void refuse(const workloads::TrainingWorkload& workload, JobId job,
                         const std::string& what) {
  throw base::Error({}, fmt::format("the policy {} job {}", what, workload.jobs[job.index()].id),
                    base::Fault::run_failed);
}

}  // namespace

void ActionChecks::action(const Scheduler& scheduler, const Action& action) const {
  if (action.job.index() >= status.size())
    throw base::Error({}, "the policy named a job that does not exist", base::Fault::run_failed);
  const JobState state = status[action.job.index()].state;
  if (&division.schedulers[division.scheduler_of_job[action.job.index()]] != &scheduler)
    refuse(workload, action.job, "acted on another scheduler's");
  const bool wants_pending =
      action.kind == Action::Kind::start || action.kind == Action::Kind::drop;
  if (wants_pending && state != JobState::pending)
    refuse(workload, action.job, "started or dropped, though it is not pending,");
  if (!wants_pending && (state != JobState::running || placements[action.job.index()].empty()))
    refuse(workload, action.job, "stopped or moved, though it is not running,");
}

void ActionChecks::placement(const Scheduler& scheduler, const Action& action) const {
  const bool entered =
      action.kind == Action::Kind::start && status[action.job.index()].state != JobState::pending;
  if (entered) refuse(workload, action.job, "started twice the");
  if (action.placement.empty()) refuse(workload, action.job, "gave no GPUs to");
  // A job may lie on a million nodes, so that none is looked for among all the others.
  std::vector<platform::NodeId> used;
  for (const platform::NodeShare& share : action.placement) used.push_back(share.node);
  std::ranges::sort(used);
  const bool twice = std::ranges::adjacent_find(used) != used.end();
  const auto is_free = [&](const platform::NodeShare& share) {
    const std::size_t node = share.node.index();
    return node < inventory.nodes.size() &&
           &division.schedulers[division.scheduler_of_node[node]] == &scheduler &&
           scheduler.free->can_take(share);
  };
  if (twice || !std::ranges::all_of(action.placement, is_free))
    refuse(workload, action.job, "gave GPUs that are not free to");
  const platform::TypeId type = type_of(action.placement, inventory);
  if (std::ranges::any_of(action.placement, [&](const platform::NodeShare& share) {
        return inventory.nodes[share.node.index()].type != type;
      }))
    refuse(workload, action.job, "gave GPUs of several types to");
  const platform::NodeId first = action.placement.front().node;
  if (fabric != nullptr &&
      !std::ranges::all_of(action.placement, [&](const platform::NodeShare& share) {
        return fabric->connects(first, share.node);
      }))
    refuse(workload, action.job, "gave GPUs that the fabric does not connect to");
}

void ActionChecks::refuse_placement(JobId job, const platform::Placement& placement) const {
  const workloads::TrainingJob& j = workload.jobs[job.index()];
  const models::Locality locality = locality_of(placement);
  throw base::Error(
      {},
      fmt::format("the policy gave job {} ({}, batch {}) {} x {} GPUs of type {}, "
                  "on which no throughput is known for it",
                  j.id, workload.names.text(j.model), j.batch_samples, locality.nodes,
                  locality.gpus_per_node, inventory.types[type_of(placement, inventory).index()]),
      base::Fault::run_failed);
}

}  // namespace orrery::training
