#include "sim/experiment/prepared_run.hpp"

#include "sim/worlds/training/arena/arena_arrivals.hpp"
#include "sim/worlds/training/arena/arena_throughput.hpp"

namespace orrery::experiment {

namespace {

workloads::TrainingWorkload workload_of(const Experiment& experiment) {
  workloads::TrainingWorkload workload = make_workload(experiment.workload, experiment.seed);
  if (experiment.rules.arena && experiment.rules.arena->early_arrivals)
    training::arena::serve_early(workload, experiment.round_seconds);
  return workload;
}

std::vector<std::string> profiled_types(const Experiment& experiment) {
  if (!experiment.throughput || !experiment.throughput->estimator) return {};
  return profile_devices(*experiment.throughput->estimator);
}

/// Who answers from a table of measurements: the arena's rules round what they read.
MeasuredSource measured_source(const Experiment& experiment) {
  if (!experiment.rules.arena || !experiment.rules.arena->rounded_throughputs) return {};
  return
      [](std::shared_ptr<const models::ThroughputTable> table, const models::MeasuredRules& rules) {
        return std::make_shared<training::arena::ArenaThroughput>(std::move(table), rules);
      };
}

training::TrainingClusterConfig config_of(const Experiment& experiment,
                                          const platform::Inventory& inventory) {
  training::TrainingClusterConfig config = experiment.training_cluster();
  if (experiment.cluster.network == training::Network::shared && experiment.throughput) {
    EstimatorChoice estimator = experiment.throughput->estimator.value_or(EstimatorChoice{});
    estimator.nic_bytes_per_second = experiment.cluster.fabric.nic_bytes_per_second;
    config.communication.estimate = make_communication_estimate(estimator, inventory);
  }
  return config;
}

std::unique_ptr<training::World> world_of(PreparedRun& run) {
  const Experiment& experiment = run.experiment;
  if (experiment.rules.arena)
    return std::make_unique<training::arena::ArenaCluster>(
        run.engine, experiment.arena_cluster(), run.inventory, run.workload,
        experiment.policy.make(), *run.throughputs);
  return std::make_unique<training::TrainingCluster>(
      run.engine, config_of(experiment, run.inventory), run.inventory, run.fabric, run.workload,
      [&experiment] { return experiment.policy.make(); },
      run.throughputs ? &*run.throughputs : nullptr);
}

}  // namespace

PreparedRun::PreparedRun(const base::Node& document)
    : experiment(read_experiment(document)),
      workload(workload_of(experiment)),
      inventory(platform::make_inventory(experiment.cluster.nodes, experiment.nodes_where,
                                         profiled_types(experiment))),
      throughputs(make_throughputs(experiment.throughput, workload, inventory,
                                   measured_source(experiment), experiment.policy.decide_with)),
      basis(speed_basis(experiment.throughput, workload, inventory, throughputs)),
      fabric(experiment.cluster.fabric, inventory),
      engine(fabric.resources(),
             [this](engine::HostId from, engine::HostId to) {
               return fabric.route(platform::NodeId(from.index()), platform::NodeId(to.index()));
             }),
      cluster(world_of(*this)) {
  // The cluster reads its failures when it starts; a bad one is to be known before.
  if (const auto& failures = experiment.cluster.failures)
    platform::FailureSource(*failures, inventory, experiment.seed, experiment.failures_where);
}

}  // namespace orrery::experiment
