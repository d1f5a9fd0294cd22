// Measured times of collectives from a CSV file.
#pragma once

#include <string>

#include "models/training/collective_table.hpp"

namespace orrery::traces {

/// Reads a table in the layout of the Crius (Arena) artifact as re-serialised: columns gpu_type,
/// nodes, gpus_per_node, fabric, op, replica_groups (`[[0,1],[2,3]]`, or `null` for one pair),
/// group_size, bytes, time_s; others are ignored. `bytes` is the whole buffer of a rank: measured
/// all-gathers and reduce-scatters take half of an all-reduce of as many, whatever the ranks.
///
/// Groups whose ranks are not evenly spaced, and sends within groups, are checked and left out: no
/// plan makes them. Throws base::Error naming file, row and column for a row that is no
/// measurement, stands twice, is zero or negative, or whose groups do not fit its GPUs.
models::CollectiveTables read_collectives(const std::string& path);

}  // namespace orrery::traces
