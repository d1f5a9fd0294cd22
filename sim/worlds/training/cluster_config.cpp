#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::training {

base::Declaration<CheckpointConfig> declare(const CheckpointConfig*) {
  base::Declaration<CheckpointConfig> d(
      "Periodic checkpoints; without them a node failure loses the whole run in hand.");
  d.number("every", &CheckpointConfig::every_seconds, base::Dimension::time,
           "computing time between two checkpoints")
      .more_than(0);
  d.number("write", &CheckpointConfig::write_seconds, base::Dimension::time,
           "time a job stands still to write one")
      .at_least(0);
  return d;
}

base::Declaration<MigrationConfig> declare(const MigrationConfig*) {
  base::Declaration<MigrationConfig> d("What it costs to go on on other nodes.");
  d.number("state_per_gpu", &MigrationConfig::state_bytes_per_gpu, base::Dimension::bytes,
           "bytes that travel over the fabric for each GPU before the job goes on")
      .at_least(0);
  return d;
}

base::Declaration<ClusterConfig> declare(const ClusterConfig*) {
  base::Declaration<ClusterConfig> d("The GPU cluster.");
  d.choice("network", &ClusterConfig::network,
           {{"isolated", Network::isolated}, {"shared", Network::shared}},
           "whether each job has the fabric to itself or all contend for it");
  d.choice("contention", &ClusterConfig::contention,
           {{"duty", models::Contention::duty}, {"always", models::Contention::always}},
           "on a shared fabric: whether neighbours count for the part of their time in which they "
           "communicate, or always");
  d.mappings("nodes", &ClusterConfig::nodes, "groups of equal nodes, in index order").required();
  d.mapping("fabric", &ClusterConfig::fabric, "the network between nodes");
  d.mapping("failures", &ClusterConfig::failures, "node failures and repairs; absent: none");
  d.integer("job_retries", &ClusterConfig::job_retries,
            "node failures a job survives before it counts as failed; absent: any number")
      .at_least(0);
  return d;
}

}  // namespace orrery::training
