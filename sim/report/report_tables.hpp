// The figures of a policy's runs as the report's tables show them.
#pragma once

#include "sim/report/json_fields.hpp"
#include "sim/report/policy_group.hpp"

namespace orrery::report {

/// Means over seeds as `[mean, half width of the 95 % interval or null]`, null where a run lacks
/// the figure; counts are sums over seeds.
Json table_json(const PolicyGroup& group);

}  // namespace orrery::report
