// Everything a report page shows, as one JSON object.
#pragma once

#include <string>

#include "sim/report/json_fields.hpp"

namespace orrery::report {

/// Reads the directory of a run or of a comparison. Throws base::Error when it is neither, or when
/// a file of it is missing or damaged; records that were switched off are null.
Json report_data(const std::string& directory);

}  // namespace orrery::report
