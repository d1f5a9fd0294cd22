// The plain table into which one public converter brought both Helios and PAI 2020.
#pragma once

#include "models/base/csv.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

/// Reads the columns `id_column`, submit_s, duration_s and gpus, and notes the durations that the
/// conversion cut off at 48 hours.
workloads::TrainingWorkload read_converted_table(base::CsvReader& reader, const char* id_column,
                                                 WorkloadBuilder& builder);

}  // namespace orrery::traces
