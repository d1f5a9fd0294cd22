// A training cluster as one world of an experiment: its inputs, its rules, its records.
#pragma once

#include <memory>
#include <optional>

#include "sim/world/world.hpp"
#include "sim/worlds/training/cluster.hpp"
#include "sim/worlds/training/options/speed_basis.hpp"
#include "sim/worlds/training/options/training_options.hpp"
#include "sim/worlds/training/records/run_recorder.hpp"

namespace orrery::training {

class TrainingWorld final : public world::World {
 public:
  /// Reads the workload and builds the cluster by the rules that the options name. Throws
  /// base::Error for what cannot be run.
  TrainingWorld(const TrainingOptions& options, platform::Platform& platform,
                const world::Settings& settings, std::optional<double> horizon_seconds);
  ~TrainingWorld() override;

  std::string contents() const override;
  void record(const world::Records& records) override;
  void start() override;
  double fraction_done() const override;
  bool open() const override;
  world::Section finish(const world::Ending& ending) override;
  std::string left_undone() const override;

 private:
  Pools pools() const;
  bool any_throughput() const;  ///< of a job

  TrainingOptions options_;
  platform::Platform& platform_;
  platform::HolderId holder_;
  workloads::TrainingWorkload workload_;
  std::size_t jobs_;                     // of the workload itself, without guests
  std::vector<platform::Guest> guests_;  // until the cluster has them
  std::shared_ptr<const EstimatorDevices> devices_;
  std::optional<JobThroughputs> throughputs_;
  SpeedBasis basis_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<RunRecorder> recorder_;
};

}  // namespace orrery::training
