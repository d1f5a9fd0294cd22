// A small cluster run in the test's own process, with everything it told its observers.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/worlds/training/training_cluster.hpp"
#include "workloads/training_job.hpp"

namespace orrery::test {

/// Seconds per iteration of a model on GPUs of a type; infinity where it cannot run.
using IterationSeconds = std::function<double(const std::string& model, const std::string& gpu_type,
                                              models::Locality locality)>;

struct Scenario {
  std::vector<platform::NodeGroup> nodes;
  workloads::TrainingWorkload workload;
  std::string policy = "fifo";
  std::string options;  ///< YAML of the policy's options
  training::TrainingClusterConfig config;
  platform::PlatformConfig platform;  ///< its nodes are those above
  std::uint64_t seed = 1;             ///< of outages
  double horizon_seconds = -1;        ///< below 0: none
  /// Instead of a registered policy; and what jobs counted in iterations run at.
  std::function<std::unique_ptr<training::Policy>()> make_policy;
  std::optional<training::JobThroughputs> throughputs;
  /// Instead of `throughputs`: also gives such jobs their durations.
  IterationSeconds iteration_seconds;
  bool types_bind = false;  ///< with `iteration_seconds`: `gpu_types: binding`

  Scenario& node_group(int count, int gpus_per_node, const std::string& gpu = "v100-32g",
                       const std::string& virtual_cluster = "");
  Scenario& job(double submit, int gpus, double duration, const std::string& types = "",
                const std::string& virtual_cluster = "", int milli = 1000);
  /// A job counted in iterations, of a batch of 1 sample.
  Scenario& training(double submit, int gpus, const std::string& model, std::int64_t iterations,
                     const std::string& types = "",
                     double deadline = std::numeric_limits<double>::infinity());
  Scenario& with(const std::string& policy_name, const std::string& policy_options = "{}");
};

/// One observer event, kept.
struct Seen {
  training::ClusterEvent::Kind kind;
  double seconds = 0;
  std::size_t job = 0;
  std::size_t node = 0;
  training::Reason reason = training::Reason::none;
  workloads::JobId because_of;
  double value = 0;
  double restart_seconds = 0;
  double lost_work_seconds = 0;
  double speed = 1;
  double slowdown = 1;
  platform::Placement placement;
  models::ThroughputOrigin origin = models::ThroughputOrigin::none;
};

struct Outcome {
  std::vector<double> start;   ///< first starts, -1: never
  std::vector<double> finish;  ///< -1: never
  std::vector<Seen> events;
  std::vector<training::JobStatus> status;
  training::ClusterCounts counts;
  double end_seconds = 0;
  bool all_done = false;

  /// Integral of held GPUs over time, from the events alone.
  double held_gpu_seconds() const;
};

/// Runs the scenario and checks on the way that time never goes back and that no GPU is held
/// twice.
Outcome simulate(const Scenario& scenario);

}  // namespace orrery::test
