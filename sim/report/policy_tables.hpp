// The tables of a comparison: a row a policy, columns as worlds declare their figures.
#pragma once

#include <vector>

#include "sim/report/policy_group.hpp"
#include "sim/report/shown_table.hpp"

namespace orrery::report {

/// The first table of a world at one sweep point: its headlines. Behind the mean of the samples
/// that policies are ranked by stand the differences to the first policy and the speedups over it,
/// where there are several policies that can be ranked.
ShownTable overview_table(const std::vector<PolicyGroup>& policies, std::size_t world);

/// The same of all points of a sweep: a row a point and policy.
ShownTable sweep_table(const std::vector<std::vector<PolicyGroup>>& sweeps, std::size_t world);

/// A table for each group of the world's other figures.
std::vector<ShownTable> group_tables(const std::vector<PolicyGroup>& policies, std::size_t world);

/// What all worlds share.
ShownTable shared_table(const std::vector<PolicyGroup>& policies);

/// What simulating took: of the whole run, and a table for each group of the worlds' costs.
std::vector<ShownTable> cost_tables(const std::vector<PolicyGroup>& policies);

/// Where samples rank policies: the key of their mean; empty: nowhere.
std::string ranking_key(const world::Section& section);

}  // namespace orrery::report
