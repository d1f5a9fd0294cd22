// Tables as the page has them, and those that are not about figures.
#pragma once

#include <vector>

#include "models/base/document.hpp"
#include "sim/report/json_fields.hpp"
#include "sim/report/policy_group.hpp"
#include "sim/report/shown_table.hpp"

namespace orrery::report {

/// `{key, title, help, head, columns: [{label, unit, best, text}], rows: [{label, series?,
/// cells}]}`.
Json table_json(const ShownTable& table);

/// Run id, seed and directory of each run.
ShownTable runs_table(const std::vector<PolicyGroup>& policies);

/// A world's tables of what numbers rest on, over all runs, each row once.
Json basis_tables(const Comparison& comparison, std::size_t world);

/// The parts of an experiment: `[{title, text}]` of its mappings and lists, as YAML.
Json setup_json(const base::Node& document);

}  // namespace orrery::report
