// An experiment with nothing left to choose, typed: what one run is built from.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "sim/world/world.hpp"

namespace orrery::experiment {

/// `stop: {at: exhaustion}`, `{seconds: N}` (simulated) or `{rounds: N}` (of the world that has
/// rounds).
struct StopRule {
  enum class At { exhaustion };
  At at = At::exhaustion;
  std::optional<double> seconds;
  std::optional<std::int64_t> rounds;
};
base::Declaration<StopRule> declare(const StopRule*);

/// Of all files of a run: several times those of five million jobs, and on most disks.
inline constexpr double kLargestOutputBytes = 16.0 * 1024 * 1024 * 1024;

/// The keys of the experiment as a whole.
struct ExperimentKeys {
  std::string name;
  std::string description;
  StopRule stop;
  double largest_output_bytes = kLargestOutputBytes;
  std::uint64_t seed = 1;
};
base::Declaration<ExperimentKeys> declare(const ExperimentKeys*);

/// One world of it.
struct ExperimentWorld {
  std::string name;  ///< empty where there is one
  const world::WorldKind* kind = nullptr;
  std::string placed_by;
  std::unique_ptr<world::Setup> setup;
};

struct Experiment {
  std::string name;
  std::string description;
  platform::PlatformConfig platform;
  std::vector<ExperimentWorld> worlds;  ///< by name
  StopRule stop;
  double largest_output_bytes = kLargestOutputBytes;
  std::uint64_t seed = 1;

  /// The simulated second at which the run is cut; absent: it runs to its end.
  std::optional<double> horizon_seconds() const;
  /// What results call the choices it stands for: the labels of its worlds' policies.
  std::string label() const;
  /// Of the worlds' random numbers: the experiment's own where there is one world, else one of
  /// each name, so that two worlds never draw the same.
  std::uint64_t seed_of(const ExperimentWorld& world) const;
};

/// Reads a resolved document. Throws base::Error for anything that cannot be run.
Experiment read_experiment(const base::Node& document);

}  // namespace orrery::experiment
