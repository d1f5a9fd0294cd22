// runs.csv: one row a run of a comparison, with all its figures.
#pragma once

#include <string>

#include "sim/report/comparison.hpp"

namespace orrery::report {

/// Columns: directory, name, the values of the sweep by their keys, policy, seed, run_id, then
/// every figure by its key in comparison.json, behind `WORLD.` where there are several worlds; what
/// simulating took is not in it. A figure that a run does not have is an empty cell.
std::string runs_csv(const Comparison& comparison);

}  // namespace orrery::report
