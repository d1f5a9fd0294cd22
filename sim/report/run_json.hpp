// A run as an entry of comparison.json.
#pragma once

#include "sim/report/json_fields.hpp"
#include "sim/report/run_summary.hpp"

namespace orrery::report {

/// All keys of summary.json and performance.json, without their versions. Several worlds stand in
/// `worlds`, each with its keys.
void put_run(Json& object, const RunSummary& run);
/// Reads one back, with the figures of its samples behind those of each section. Throws base::Error
/// naming file and key.
RunSummary compared_run_from(const JsonFields& fields);

}  // namespace orrery::report
