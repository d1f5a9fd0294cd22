// The parts of the report on the estimator, one for each source of measurements. `data` is the
// folder with the measured tables.
#pragma once

#include <string>

namespace orrery::estimator_report {

/// Writes device costs fitted to all points to `costs_path` where it is not empty.
void report_arena(const std::string& data, const std::string& costs_path);

void report_vtrain(const std::string& data);
void report_megatron(const std::string& data);

}  // namespace orrery::estimator_report
