#include <algorithm>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using platform::NodeId;

void TrainingCluster::State::remember_nodes(JobId job, const platform::Placement& placement) {
  auto& nodes = last_nodes[job];
  nodes.clear();
  for (const platform::NodeShare& share : placement) nodes.push_back(share.node);
}

std::vector<TrainingCluster::State::Transfer> TrainingCluster::State::transfers_of(
    JobId job) const {
  // Each new node fetches its share from one old node, in turn (ours).
  std::vector<Transfer> transfers;
  const auto& old_nodes = last_nodes.at(job);
  const auto& placement = placements[job.index()];
  for (std::size_t i = 0; i < placement.size(); ++i) {
    const NodeId from = old_nodes[i % old_nodes.size()];
    const NodeId to = placement[i].node;
    const bool is_there = std::ranges::find(old_nodes, to) != old_nodes.end();
    const double bytes = config.migration->state_bytes_per_gpu * placement[i].gpus;
    if (!is_there && bytes > 0) transfers.push_back({from, to, bytes});
  }
  return transfers;
}

double TrainingCluster::State::isolated_migration_seconds(JobId job) const {
  double longest = 0;
  for (const Transfer& transfer : transfers_of(job))
    longest = std::max(
        longest, transfer.bytes / fabric.bottleneck_bytes_per_second(transfer.from, transfer.to));
  return longest;
}

bool TrainingCluster::State::migrate(JobId job, double restart_seconds) {
  const auto transfers = transfers_of(job);
  if (transfers.empty()) return false;
  JobStatus& s = status[job.index()];
  s.progress_from_seconds = std::numeric_limits<double>::infinity();
  Migration& migration = migrations[job];
  migration = {{}, transfers.size()};
  for (const Transfer& transfer : transfers) {
    const auto arrived = [this, job, restart_seconds] {
      auto it = migrations.find(job);
      if (--it->second.open > 0) return;
      migrations.erase(it);
      const double from = engine.now_seconds() + restart_seconds;
      run_from(job, from);
      emit({.kind = ClusterEvent::Kind::migrated,
            .seconds = engine.now_seconds(),
            .job = job,
            .restart_seconds = from - status[job.index()].started_seconds});
    };
    migration.transfers.push_back(engine.start_transfer(engine::HostId(transfer.from.index()),
                                                        engine::HostId(transfer.to.index()),
                                                        transfer.bytes, arrived));
  }
  return true;
}

void TrainingCluster::State::cancel_migration(JobId job) {
  const auto it = migrations.find(job);
  if (it == migrations.end()) return;
  for (const engine::ActivityId transfer : it->second.transfers) engine.cancel(transfer);
  migrations.erase(it);
}

}  // namespace orrery::training
