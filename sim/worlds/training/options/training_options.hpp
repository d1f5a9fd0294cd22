// The keys of a world of training jobs, read and checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "sim/world/world.hpp"
#include "sim/worlds/training/arena/arena_cluster.hpp"
#include "sim/worlds/training/options/communication_choice.hpp"
#include "sim/worlds/training/options/policy_choice.hpp"
#include "sim/worlds/training/options/rules_choice.hpp"
#include "sim/worlds/training/options/throughput_choice.hpp"
#include "sim/worlds/training/options/workload_source.hpp"
#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::training {

/// What a policy that needs throughputs does without any.
enum class WithoutThroughput : std::uint8_t {
  refuse,
  proportional,  ///< jobs run as their durations say, on twice the GPUs no faster
};

/// Which files of records a run writes beside its summaries.
struct RecordsConfig {
  bool allocations = true;
  bool timeline = true;
  bool decisions = true;
  bool trace = true;
};
base::Declaration<RecordsConfig> declare(const RecordsConfig*);

struct TrainingOptions {
  RulesChoice rules;
  WorkloadSource workload;
  std::optional<ThroughputChoice> throughput;
  CommunicationChoice communication;
  PolicyChoice policy;
  CostByGpus restart;
  std::optional<PlanChangeCosts> plan_change;
  std::optional<CheckpointConfig> checkpoint;
  std::optional<MigrationConfig> migration;
  double round_seconds = 0;
  std::optional<std::int32_t> job_retries;
  std::int64_t stuck_after = kStuckAfter;
  OversizedJob on_oversized_job = OversizedJob::fail;
  VirtualClusters virtual_clusters = VirtualClusters::ignore;
  WithoutThroughput without_throughput = WithoutThroughput::refuse;
  RecordsConfig records;

  TrainingClusterConfig training_cluster(const platform::PlatformConfig& platform) const;
  /// Of a world whose rules are the arena's, cut at `horizon_seconds` where there is one.
  arena::ArenaConfig arena_cluster(std::optional<double> horizon_seconds) const;
};
base::Declaration<TrainingOptions> declare(const TrainingOptions*);

/// The declared keys, `policies` in place of a complete `policy` allowed.
base::DeclarationInfo training_schema();

/// Reads the keys of one world. Throws base::Error for anything that cannot be run on a platform
/// like this.
TrainingOptions read_training_options(const base::Node& item, const world::Context& context);

/// Files whose content the results depend on.
std::vector<world::Input> inputs_of(const TrainingOptions& options);

}  // namespace orrery::training
