// The world of training jobs on a GPU cluster: state, events, and the calls of its policy.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/parameters.hpp"
#include "models/network/communication.hpp"
#include "sim/platform/platform.hpp"
#include "sim/worlds/training/change_costs.hpp"
#include "sim/worlds/training/cluster.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/job_throughputs.hpp"
#include "sim/worlds/training/policy.hpp"
#include "sim/worlds/training/progress_watch.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

enum class OversizedJob { fail, reject };
enum class VirtualClusters { ignore, partition };

/// `checkpoint: {every: 30 min, write: 20 s}`. Absent: a failure loses the whole run in hand.
struct CheckpointConfig {
  double every_seconds = 1800;
  double write_seconds = 0;
};
base::Declaration<CheckpointConfig> declare(const CheckpointConfig*);

/// `migration: {state_per_gpu: 16 GB}`: what travels over the fabric when a job goes on elsewhere.
struct MigrationConfig {
  double state_bytes_per_gpu = 0;
};
base::Declaration<MigrationConfig> declare(const MigrationConfig*);

/// What multi-node jobs send over a shared fabric: the first that knows answers.
struct CommunicationConfig {
  std::shared_ptr<const models::CommunicationTable> table;  ///< null: none
  /// An estimate of task, GPU type and locality; empty: none.
  std::function<std::optional<models::CommunicationShare>(const models::TrainingTask&,
                                                          const std::string&, models::Locality)>
      estimate;
  double assumed_part = 0.2;  ///< of an iteration, for jobs that nobody knows
};

/// Everything a training cluster is made of.
struct TrainingClusterConfig {
  CostByGpus restart;  ///< paid at every resume and change, not at the first start
  PlanChangeCosts plan_change;
  std::optional<CheckpointConfig> checkpoint;
  std::optional<MigrationConfig> migration;
  CommunicationConfig communication;
  /// Node failures a job survives; with one more it has failed. Absent: any number.
  std::optional<std::int32_t> job_retries;
  OversizedJob on_oversized_job = OversizedJob::fail;
  VirtualClusters virtual_clusters = VirtualClusters::ignore;
  /// Passes happen only at whole multiples of this; 0: at every instant at which something changed.
  double round_seconds = 0;
  /// The policy changes GPU types and counts: a job that cannot run on what it asks for is then
  /// its business (see PolicyTraits::adapts).
  bool policy_adapts = false;
  /// Decisions without progress after which the run stops (ProgressWatch).
  std::int64_t stuck_after = kStuckAfter;
};

class TrainingCluster final : public Cluster {
 public:
  /// It takes GPUs of the platform's ledger as `holder`. The first jobs of the workload, endless
  /// ones, stand for the guests in their order. `make_policy` is called once per scheduler
  /// (one, or one per virtual cluster when partitioned). Throws base::Error for a job that can
  /// never fit (unless rejected), an unknown GPU type in a job's affinity, or a virtual cluster
  /// without nodes. Without `throughputs` a job's speed is proportional to its GPUs. The arguments
  /// are kept by reference and must outlive the world.
  TrainingCluster(platform::Platform& platform, platform::HolderId holder,
                  const TrainingClusterConfig& config, const workloads::TrainingWorkload& workload,
                  const std::function<std::unique_ptr<Policy>()>& make_policy,
                  const JobThroughputs* throughputs = nullptr,
                  std::vector<platform::Guest> guests = {});

  /// Asserts that no GPU is owned twice and none is lost; for tests and debug builds.
  void check_invariants() const;

 private:
  struct State;
  State& state_;
};

}  // namespace orrery::training
