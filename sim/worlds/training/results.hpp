// What a training world says of a run: its figures (figures.cpp), samples, tables and charts.
#pragma once

#include "sim/world/section.hpp"
#include "sim/worlds/training/records/run_totals.hpp"

namespace orrery::training {

/// Everything declared, without values and rows.
world::Section declared_results();

/// The same with the figures of a run that ended.
world::Section results_of(const RunTotals& totals);

}  // namespace orrery::training
