// Reader of measured peak memory under pure data parallelism.
#pragma once

#include <string>

#include "models/throughput/data_parallel.hpp"

namespace orrery::traces {

/// Reads a CSV with the columns model, params, global_batch, gpus, dp_peak_mem_gib (the Crius
/// artifact's, read; a model is named `model__params`, as its traces do; -1: it does not fit or was
/// not run). Throws base::Error naming file, row and column for rows that are not measurements or
/// stand twice.
models::DataParallelMemory read_data_parallel_memory(const std::string& path);

}  // namespace orrery::traces
