// How many GPUs are free for a job, followed from the events of a cluster.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/platform/node.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// Nodes and the jobs that may use them, by number: one pool for each scheduler of a cluster.
struct Pools {
  std::vector<std::uint32_t> of_node;  ///< empty: all nodes and jobs are in pool 0
  std::vector<std::uint32_t> of_job;
  /// GPUs of a type in a pool that other worlds hold, in thousandths; empty: none.
  std::function<std::int64_t(std::uint32_t pool, platform::TypeId)> others_milli;
};

class FreeGpus {
 public:
  /// All GPUs are free. Inventory and workload must outlive it.
  FreeGpus(const platform::Inventory& inventory, const workloads::TrainingWorkload& workload,
           Pools pools);

  void on_event(const ClusterEvent& event);
  /// Free GPUs of the types that a job may use, in its pool; for no job, all that are free.
  double count_for(workloads::JobId job);

 private:
  void add(std::span<const platform::NodeShare> placement, std::int64_t sign);
  void add(platform::NodeId node, std::int64_t milli);
  std::int64_t milli_of(std::uint32_t pool, std::size_t type) const;
  const std::vector<std::size_t>& types_of(workloads::JobId job);

  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  Pools pools_;
  std::uint32_t pool_count_ = 1;
  // By pool and type. Below zero for a moment: at the failure of a node its jobs still hold GPUs
  // that are no longer there.
  std::vector<std::int64_t> free_milli_;
  std::vector<std::size_t> all_types_;
  std::vector<std::vector<std::size_t>> types_of_names_;  // by NameId of a job's type list
};

}  // namespace orrery::training
