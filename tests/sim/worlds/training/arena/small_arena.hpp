// A small cluster under arena rules, with a policy that does what a test tells it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/worlds/training/arena/arena_cluster.hpp"

namespace orrery::training::arena::test {

/// Samples per second on so many GPUs of a type, wherever they lie; 100 samples an iteration.
using Speed = std::function<double(const std::string& type, models::Locality locality)>;

struct SmallArena {
  std::vector<platform::NodeGroup> nodes;
  workloads::TrainingWorkload workload;
  ArenaConfig config;
  Speed speed = [](const std::string&, models::Locality locality) {
    return 10.0 * locality.gpus();
  };

  SmallArena& node_group(int count, int gpus_per_node, const std::string& gpu = "v100-32g");
  SmallArena& job(double submit, int gpus, std::int64_t iterations, const std::string& type = "");
};

struct Seen {
  training::ClusterEvent::Kind kind;
  double seconds = 0;
  std::size_t job = 0;
  double value = 0;
  double restart_seconds = 0;
  platform::Placement placement;
};

struct Outcome {
  std::vector<Seen> events;                              ///< without waits and decisions
  std::vector<std::pair<std::size_t, double>> finished;  ///< in order of completion
  std::vector<double> rounds;                            ///< throughput of each
  training::ClusterCounts counts;
  bool all_done = false;
};

using Decide = std::function<training::Actions(const training::View&, const training::Delta&)>;
Outcome simulate(SmallArena scenario, const Decide& decide);
/// With a registered policy; `options` is YAML.
Outcome simulate(const SmallArena& scenario, const std::string& policy, const std::string& options);

}  // namespace orrery::training::arena::test
