// A seeded generator of Philly-like workloads, so that the product runs without data it may not
// ship. The statistics are published ones; philly_generator.cpp names the source of each.
#pragma once

#include <cstdint>

#include "models/base/declaration_fwd.hpp"
#include "workloads/training_job.hpp"

namespace orrery::workloads {

/// What to generate. `seed` comes from the experiment. The defaults are measured ones, see
/// philly_generator.cpp.
struct PhillyGenerator {
  std::int64_t jobs = 1000;  ///< how many
  double mean_interarrival_seconds = 101;
  double duration_median_seconds = 1580;
  double duration_sigma = 1.85;  ///< of the logarithm
  double duration_limit_seconds = 60.0 * 86400;
  std::int32_t largest_gpus = 64;
  std::int32_t virtual_clusters = 1;
  bool daily_cycle = true;  ///< arrivals follow the working day
};

base::Declaration<PhillyGenerator> declare(const PhillyGenerator*);

/// The workload of (options, seed): same arguments, same jobs.
TrainingWorkload generate(const PhillyGenerator& options, std::uint64_t seed);

}  // namespace orrery::workloads
