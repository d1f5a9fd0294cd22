// Fitted device costs as plain data: CSV with the columns gpu_type, field, value.
//
// A field is a name of DeviceCosts (`sync_factor`), of one of its links (`in_node.alpha_seconds`)
// or of a kind of layer (`transformer.flop_efficiency`). What a file leaves out stays as the data
// sheet has it. `source` is text for reports.
#pragma once

#include <string>
#include <vector>

#include "models/hardware/gpu_catalog.hpp"
#include "models/training/device_costs.hpp"
#include "models/training/estimated_throughput.hpp"

namespace orrery::models {

/// All fields of all devices, in order.
std::string device_costs_csv(const std::vector<DeviceCosts>& devices);

/// Reads such a file; the costs count as calibrated. Throws base::Error naming file, row and column
/// for a GPU type that the catalog lacks, an unknown field, a value that is negative or no number,
/// and a field given twice.
DeviceCostsByType read_device_costs(const std::string& path);

/// What the estimator takes for a GPU type: the fitted costs where there are any, else those of the
/// data sheet, marked uncalibrated.
DeviceCosts device_costs(const GpuType& gpu, const DeviceCostsByType& fitted);

}  // namespace orrery::models
