// The basis of a run's speeds as JSON, in summary.json and for the page.
#pragma once

#include <string_view>
#include <vector>

#include "sim/report/json_fields.hpp"
#include "sim/worlds/training/records/basis.hpp"

namespace orrery::report {

Json devices_json(const std::vector<DeviceBasis>& devices);
Json pruned_json(const std::vector<PrunedBasis>& pruned);
/// Empty where the key is absent.
std::vector<DeviceBasis> devices_from(const JsonFields& fields, std::string_view key);
std::vector<PrunedBasis> pruned_from(const JsonFields& fields, std::string_view key);

}  // namespace orrery::report
