#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "sim/cluster/cluster_state.hpp"

namespace orrery::cluster {

namespace {

[[noreturn]] void refuse(const workloads::TrainingWorkload& workload, JobId job,
                         const std::string& what) {
  throw base::Error({}, fmt::format("the policy {} job {}", what, workload.jobs[job.index()].id),
                    base::Fault::run_failed);
}

}  // namespace

void TrainingCluster::State::check_action(const Scheduler& scheduler, const Action& action) const {
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

void TrainingCluster::State::check_placement(const Scheduler& scheduler,
                                             const Action& action) const {
  const bool entered =
      action.kind == Action::Kind::start && status[action.job.index()].state != JobState::pending;
  if (entered) refuse(workload, action.job, "started twice the");
  if (action.placement.empty()) refuse(workload, action.job, "gave no GPUs to");
  const auto uses = [&](platform::NodeId node) {
    return std::ranges::count(action.placement, node, &platform::NodeShare::node);
  };
  const auto is_free = [&](const platform::NodeShare& share) {
    const std::size_t node = share.node.index();
    return node < inventory.nodes.size() && uses(share.node) == 1 &&
           &division.schedulers[division.scheduler_of_node[node]] == &scheduler &&
           scheduler.free.can_take(share);
  };
  if (!std::ranges::all_of(action.placement, is_free))
    refuse(workload, action.job, "gave GPUs that are not free to");
  const platform::TypeId type = type_of(action.placement, inventory);
  if (std::ranges::any_of(action.placement, [&](const platform::NodeShare& share) {
        return inventory.nodes[share.node.index()].type != type;
      }))
    refuse(workload, action.job, "gave GPUs of several types to");
  const platform::NodeId first = action.placement.front().node;
  if (!std::ranges::all_of(action.placement, [&](const platform::NodeShare& share) {
        return fabric.connects(first, share.node);
      }))
    refuse(workload, action.job, "gave GPUs that the fabric does not connect to");
}

void TrainingCluster::State::check_invariants() const {
  // Every GPU of a node that is up is free, shared, or owned once.
  std::vector<std::vector<std::int32_t>> used(inventory.nodes.size());
  for (std::size_t n = 0; n < used.size(); ++n)
    used[n].resize(static_cast<std::size_t>(inventory.nodes[n].gpus));
  for (const Scheduler& scheduler : division.schedulers) {
    for (const JobId job : scheduler.running) {
      assert(status[job.index()].state == JobState::running);
      for (const platform::NodeShare& share : placements[job.index()])
        for (std::size_t g = 0; g < used[share.node.index()].size(); ++g)
          if ((share.slots >> g) & 1) used[share.node.index()][g] += share.milli;
    }
  }
  for (std::size_t n = 0; n < used.size(); ++n) {
    const auto& free = division.schedulers[division.scheduler_of_node[n]].free;
    for (std::size_t g = 0; g < used[n].size(); ++g) {
      [[maybe_unused]] const std::int32_t left =
          free.free_milli(platform::NodeId(n), static_cast<std::int32_t>(g));
      assert(used[n][g] <= 1000 && "a GPU is owned twice");
      assert((free.is_up(platform::NodeId(n)) ? used[n][g] + left == 1000 : used[n][g] == 0) &&
             "a GPU is lost");
    }
  }
}

}  // namespace orrery::cluster
