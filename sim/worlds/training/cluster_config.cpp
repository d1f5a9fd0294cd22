#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::training {

base::Declaration<CheckpointConfig> declare(const CheckpointConfig*) {
  base::Declaration<CheckpointConfig> d(
      "Periodic checkpoints; without them a node failure loses the whole run in hand.");
  d.number("every", &CheckpointConfig::every_seconds, base::Dimension::time,
           "computing time between two checkpoints")
      .at_least(1e-3);
  d.number("write", &CheckpointConfig::write_seconds, base::Dimension::time,
           "time a job stands still to write one")
      .at_least(0);
  return d;
}

base::Declaration<MigrationConfig> declare(const MigrationConfig*) {
  base::Declaration<MigrationConfig> d("What it costs to go on on other nodes.");
  d.number("state_per_gpu", &MigrationConfig::state_bytes_per_gpu, base::Dimension::bytes,
           "bytes that travel over the fabric for each GPU before the job goes on")
      .at_least(0)
      .at_most(1e14);
  return d;
}

}  // namespace orrery::training
