// The keys of summaries and performance records, shared by their own files and comparison.json.
#pragma once

#include "sim/report/json_fields.hpp"
#include "sim/worlds/training/records/summary.hpp"

namespace orrery::report {

/// Appends the keys of a summary, without the version, to an object.
void put_summary(Json& object, const Summary& summary);
Summary summary_from(const JsonFields& fields);

void put_performance(Json& object, const Performance& performance);
Performance performance_from(const JsonFields& fields);

/// `{mean, p50, p95, p99}`, or null.
Json distribution_json(const std::optional<Distribution>& distribution);
std::optional<Distribution> distribution_from(const JsonFields& fields, std::string_view key);

/// An object as the text of a file.
std::string json_text(const Json& object);

}  // namespace orrery::report
