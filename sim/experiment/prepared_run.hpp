// A run ready to start: everything it is built from, alive together.
#pragma once

#include <memory>
#include <string>

#include "models/base/document.hpp"
#include "sim/engine/engine.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/platform/fabric.hpp"
#include "sim/platform/node.hpp"
#include "sim/worlds/training/options/speed_basis.hpp"

namespace orrery::experiment {

struct PreparedRun {
  Experiment experiment;
  workloads::TrainingWorkload workload;
  platform::Inventory inventory;
  std::optional<training::JobThroughputs> throughputs;  ///< where the experiment has them
  SpeedBasis basis;
  platform::Fabric fabric;
  engine::Engine engine;
  std::unique_ptr<training::World> cluster;  ///< of the rules that the experiment names

  /// Throws base::Error for any input that cannot be run; afterwards only running can fail.
  explicit PreparedRun(const base::Node& document);
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;
};

}  // namespace orrery::experiment
