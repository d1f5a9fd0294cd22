// Tables and heat maps of breakdowns: what differs between users, sizes, hours of the day.
#pragma once

#include <vector>

#include "sim/report/json_fields.hpp"
#include "sim/report/policy_group.hpp"
#include "sim/report/shown_table.hpp"

namespace orrery::report {

/// A table for each column of the breakdowns of a world at one sweep point: a row a group, and for
/// each policy the means of the samples and the amount. Over the common subjects, of all seeds.
std::vector<ShownTable> breakdown_tables(const std::vector<PolicyGroup>& policies,
                                         std::size_t world);

/// Heat maps of the same, as charts of the page: the mean of each set of samples by group and
/// policy. Only of several groups.
Json breakdown_charts(const std::vector<PolicyGroup>& policies, std::size_t world);

}  // namespace orrery::report
