#include <algorithm>

#include "models/network/transfers.hpp"
#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using platform::NodeId;

void TrainingCluster::State::remember_nodes(JobId job, const platform::Placement& placement) {
  auto& nodes = last_nodes[job];
  nodes.clear();
  for (const platform::NodeShare& share : placement) nodes.push_back(share.node);
}

std::vector<TrainingCluster::State::Transfer> TrainingCluster::State::transfers_to(
    JobId job, const platform::Placement& placement) const {
  // Each new node fetches its share from one old node, in turn (ours).
  std::vector<Transfer> transfers;
  const auto& old_nodes = last_nodes.at(job);
  for (std::size_t i = 0; i < placement.size(); ++i) {
    const NodeId from = old_nodes[i % old_nodes.size()];
    const NodeId to = placement[i].node;
    const bool is_there = std::ranges::find(old_nodes, to) != old_nodes.end();
    const double bytes = config.migration->state_bytes_per_gpu * placement[i].gpus;
    if (!is_there && bytes > 0) transfers.push_back({from, to, bytes});
  }
  return transfers;
}

// As `migrate` does it on a fabric that the job has to itself: only its own transfers share links.
double TrainingCluster::State::isolated_migration_seconds(
    JobId job, const platform::Placement& placement) const {
  const auto& links = fabric.resources().links;
  std::vector<models::Transfer> transfers;
  for (const Transfer& transfer : transfers_to(job, placement)) {
    models::Transfer& out = transfers.emplace_back();
    out.bytes = transfer.bytes;
    for (const engine::LinkId link : fabric.route(transfer.from, transfer.to)) {
      out.links.push_back(link.index());
      out.latency_seconds += links[link.index()].latency_seconds;
    }
  }
  if (transfers.empty()) return 0;
  std::vector<double> capacity;
  for (const auto& link : links) capacity.push_back(link.bytes_per_second);
  return models::last_arrival_seconds(transfers, capacity);
}

bool TrainingCluster::State::migrate(JobId job, double restart_seconds) {
  const auto transfers = transfers_to(job, placements[job.index()]);
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
    migration.transfers.push_back(
        platform.transfers.start(transfer.from, transfer.to, transfer.bytes, arrived));
  }
  return true;
}

void TrainingCluster::State::cancel_migration(JobId job) {
  const auto it = migrations.find(job);
  if (it == migrations.end()) return;
  for (const platform::TransferId transfer : it->second.transfers)
    platform.transfers.cancel(transfer);
  migrations.erase(it);
}

}  // namespace orrery::training
