// The figures of a training world, each declared once with where its value comes from. A new one is
// a call in figures.cpp.
#pragma once

#include "sim/report/bound_figures.hpp"
#include "sim/worlds/training/records/run_totals.hpp"

namespace orrery::training {

/// Of summary.json, in its order.
report::BoundFigures<RunTotals> bound_figures();

/// Of performance.json.
report::BoundFigures<RunTotals> bound_costs();

}  // namespace orrery::training
