#include <cassert>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

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

}  // namespace orrery::training
