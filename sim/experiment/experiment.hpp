// An experiment with nothing left to choose, typed: what one run is built from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "sim/worlds/training/arena/arena_cluster.hpp"
#include "sim/worlds/training/options/communication_choice.hpp"
#include "sim/worlds/training/options/policy_choice.hpp"
#include "sim/worlds/training/options/rules_choice.hpp"
#include "sim/worlds/training/options/throughput_choice.hpp"
#include "sim/worlds/training/options/workload_source.hpp"
#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::experiment {

/// The kinds of world there are.
enum class WorldKind { training_cluster };

/// `stop: {at: exhaustion}`, `{seconds: N}` (simulated) or `{rounds: N}` (needs `round:`).
struct StopRule {
  enum class At { exhaustion };
  At at = At::exhaustion;
  std::optional<double> seconds;
  std::optional<std::int64_t> rounds;
};
base::Declaration<StopRule> declare(const StopRule*);

/// Which files of records a run writes beside its summaries.
struct RecordsConfig {
  bool allocations = true;
  bool timeline = true;
  bool decisions = true;
  bool trace = true;
};
base::Declaration<RecordsConfig> declare(const RecordsConfig*);

struct Experiment {
  std::string name;
  std::string description;
  WorldKind kind = WorldKind::training_cluster;
  RulesChoice rules;
  training::ClusterConfig cluster;
  WorkloadSource workload;
  std::optional<ThroughputChoice> throughput;
  CommunicationChoice communication;
  PolicyChoice policy;
  training::CostByGpus restart;
  std::optional<training::PlanChangeCosts> plan_change;
  std::optional<training::CheckpointConfig> checkpoint;
  std::optional<training::MigrationConfig> migration;
  double round_seconds = 0;
  training::OversizedJob on_oversized_job = training::OversizedJob::fail;
  training::VirtualClusters virtual_clusters = training::VirtualClusters::ignore;
  StopRule stop;
  std::uint64_t seed = 1;
  RecordsConfig records;
  base::Where nodes_where;     ///< of `cluster.nodes`, for errors
  base::Where failures_where;  ///< of `cluster.failures`

  /// The simulated second at which the run is cut; absent: it runs to its end.
  std::optional<double> horizon_seconds() const;
  training::TrainingClusterConfig training_cluster() const;
  /// Of an experiment whose rules are the arena's.
  training::arena::ArenaConfig arena_cluster() const;
};
base::Declaration<Experiment> declare(const Experiment*);

/// Reads a resolved document. Throws base::Error for anything that cannot be run.
Experiment read_experiment(const base::Node& document);

/// Every key of an experiment file, for `orrery schema`.
base::DeclarationInfo schema();
/// The same as a JSON Schema for editors; nothing is required at the top, since a file may extend
/// another one.
std::string json_schema();

}  // namespace orrery::experiment
