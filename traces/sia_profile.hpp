// One profile of Sia's: an application on one cluster.
#pragma once

#include <cstdint>
#include <string>

#include "models/throughput/throughput_table.hpp"

namespace orrery::traces {

struct SiaProfile {
  std::string application;  ///< becomes the model
  std::string gpu_type;     ///< of the catalog
  std::int64_t gpus_per_replica = 1;
};

/// Adds the rows of one file placements-CLUSTER.csv: seconds per step by placement and local batch,
/// as measurements of the batch that all replicas have together. Throws base::Error naming line
/// and column for rows that are not measurements, and for a configuration that stands twice.
void read_sia_profile(const std::string& path, const SiaProfile& profile,
                      models::ThroughputTable& table);

}  // namespace orrery::traces
