#include "sim/experiment/prepared_run.hpp"

namespace orrery::experiment {

PreparedRun::PreparedRun(const base::Node& document)
    : experiment(read_experiment(document)),
      workload(make_workload(experiment.workload, experiment.seed)),
      inventory(platform::make_inventory(experiment.cluster.nodes, experiment.nodes_where)),
      throughputs(make_throughputs(experiment.throughput, workload, inventory)),
      fabric(experiment.cluster.fabric, inventory),
      engine(fabric.resources(),
             [this](engine::HostId from, engine::HostId to) {
               return fabric.route(platform::NodeId(from.index()), platform::NodeId(to.index()));
             }),
      config(experiment.training_cluster()),
      cluster(
          engine, config, inventory, fabric, workload, [this] { return experiment.policy.make(); },
          throughputs ? &*throughputs : nullptr) {
  // The cluster reads its failures when it starts; a bad one is to be known before.
  if (const auto& failures = experiment.cluster.failures)
    platform::FailureSource(*failures, inventory, experiment.seed, experiment.failures_where);
}

}  // namespace orrery::experiment
