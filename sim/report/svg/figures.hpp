// The charts of a report as files, one SVG picture each.
#pragma once

#include <string>
#include <vector>

#include "sim/report/json_fields.hpp"

namespace orrery::report {

/// Writes every chart of the report's data (report_data.hpp) as KEY.svg into `directory`, which is
/// made where it does not exist; returns the files' paths in the order of the page. What tells
/// charts of one key apart stands in the name, where there are several: WORLD.SWEEP.KEY.POLICY.svg.
/// Each file is either whole or absent. Throws base::Error before the first is written where
/// `directory` lies in results, or where a file of that name is no such picture and not empty;
/// and (run_failed) where one cannot be written.
std::vector<std::string> write_figures(const Json& data, const std::string& directory);

}  // namespace orrery::report
