// timeline.csv, reduced to what a chart can show.
#pragma once

#include <string>

#include "sim/report/json_fields.hpp"

namespace orrery::report {

/// `{time, types, used, available, pending, samples?, bin_seconds?}`. Up to `points` changes are
/// kept as they are. Above, time is cut into `points` equal intervals: GPUs and samples are means
/// over each, pending jobs the maximum in it, because a mean would hide peaks. A list whose values
/// are all equal is written as one number. Null when the file does not exist.
Json timeline_json(const std::string& path, double end_seconds, std::size_t points);

}  // namespace orrery::report
