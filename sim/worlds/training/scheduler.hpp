// One scheduler of a training cluster: a policy, the nodes it may use, and what it must be told.
// A cluster has one, or one for each virtual cluster when partitioned.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/event_queue.hpp"
#include "sim/platform/ledger.hpp"
#include "sim/worlds/training/job_throughputs.hpp"
#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

struct Scheduler {
  /// Whose jobs it serves; empty: the whole cluster, or jobs of none.
  std::vector<std::string> virtual_clusters;
  std::unique_ptr<Policy> policy;
  const platform::PlacementState* free = nullptr;  ///< of its nodes; the ledger keeps it
  std::vector<JobId> running;                      ///< in order of their (re)start

  // The delta in the making.
  std::vector<JobId> arrived;
  std::vector<JobId> finished;
  std::vector<JobId> interrupted;
  std::vector<platform::NodeId> failed_nodes;
  std::vector<platform::NodeId> repaired_nodes;
  bool woken = false;

  bool pass_pending = false;
  std::optional<engine::EventHandle> wake;

  Delta delta() const {
    return {arrived, finished, interrupted, failed_nodes, repaired_nodes, woken};
  }
  void clear_delta() {
    arrived.clear();
    finished.clear();
    interrupted.clear();
    failed_nodes.clear();
    repaired_nodes.clear();
    woken = false;
  }
};

/// Which scheduler serves which job and node, and the demand classes of the jobs.
struct Division {
  static constexpr std::uint32_t kNoScheduler = UINT32_MAX;
  std::vector<Scheduler> schedulers;
  std::vector<std::uint32_t> scheduler_of_job;
  std::vector<std::uint32_t> scheduler_of_node;  ///< kNoScheduler: a node without GPUs
  std::vector<Demand> demands;
  std::vector<DemandId> demand_of;
  std::vector<JobId> oversized;  ///< jobs that can never fit where they may run, in file order
};

/// Throws base::Error at `where` for virtual clusters that share some of their nodes and not all:
/// a policy sees one set of nodes for all its jobs.
void check_virtual_clusters(const platform::Inventory& inventory, const base::Where& where);

/// Divides nodes, some of which have GPUs, and jobs. Throws base::Error for a GPU type nobody has
/// and for a virtual cluster without nodes; virtual clusters that share nodes share all of them
/// (check_virtual_clusters). `by_virtual_cluster` false: one scheduler has all.
/// With throughputs a demand holds only types on which the job can run as it asks for, unless the
/// policy adapts.
Division divide(const platform::Inventory& inventory, platform::Ledger& ledger,
                platform::HolderId holder, const workloads::TrainingWorkload& workload,
                bool by_virtual_cluster, const JobThroughputs* throughputs = nullptr,
                bool policy_adapts = false);

/// The place of a job's row in its trace, for errors.
base::Where where_of(const workloads::TrainingWorkload& workload, JobId job, std::string column);

}  // namespace orrery::training
