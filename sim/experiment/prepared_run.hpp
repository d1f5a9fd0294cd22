// A run ready to start: its platform and the worlds on it, alive together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/experiment/experiment.hpp"

namespace orrery::experiment {

struct PreparedRun {
  Experiment experiment;
  platform::Platform platform;
  std::vector<std::unique_ptr<world::World>> worlds;  ///< as those of the experiment

  /// Throws base::Error for any input that cannot be run; afterwards only running can fail.
  explicit PreparedRun(const base::Node& document);
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;

  /// Opens the records of each world: in `folder`, or in a folder of its name there where there are
  /// several.
  void record(const world::Records& records, const base::ResultFolder& folder);
  /// Starts the worlds and the outages.
  void start();
  /// Of all worlds, the least.
  double fraction_done() const;
  bool any_open() const;
  /// The folder of a world's files, below the run's.
  std::string folder_of(std::size_t world) const;
};

}  // namespace orrery::experiment
