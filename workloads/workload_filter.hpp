// A part of a workload: one virtual cluster, the first jobs, a span of time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/base/declaration_fwd.hpp"
#include "models/base/error.hpp"
#include "workloads/training_job.hpp"

namespace orrery::workloads {

/// Which jobs to keep. A job must pass every condition that is given; `limit` counts last.
struct WorkloadFilter {
  std::string virtual_cluster;  ///< empty: all of them
  std::optional<std::int64_t> limit;
  std::optional<std::int32_t> largest_gpus;
  std::optional<double> from_seconds;   ///< submitted at or after
  std::optional<double> until_seconds;  ///< submitted before
};

base::Declaration<WorkloadFilter> declare(const WorkloadFilter*);

/// The jobs that pass, in file order and with their submit times; names, notes and counts of rows
/// stay. Throws Error (placed at `where`) for an unknown virtual cluster or when no job is left.
TrainingWorkload select(const TrainingWorkload& workload, const WorkloadFilter& filter,
                        const base::Where& where = {});

}  // namespace orrery::workloads
