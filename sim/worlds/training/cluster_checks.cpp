#include <cassert>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

void TrainingCluster::State::check_invariants() const {
  // What the jobs hold is what the ledger says this world holds, and nothing is lost.
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
  for (std::size_t n = 0; n < used.size(); ++n)
    for (std::size_t g = 0; g < used[n].size(); ++g)
      assert(used[n][g] == platform.ledger.held_milli(holder, platform::NodeId(n),
                                                      static_cast<std::int32_t>(g)) &&
             "jobs and ledger disagree");
  assert(platform.ledger.fault().empty());
}

}  // namespace orrery::training
