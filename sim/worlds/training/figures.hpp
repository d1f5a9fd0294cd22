// What training says of a run: all figures, samples, tables and charts, each declared once. A new
// one is a line of figures.cpp.
#pragma once

#include "sim/world/section.hpp"
#include "sim/worlds/training/records/basis.hpp"
#include "sim/worlds/training/records/run_totals.hpp"

namespace orrery::training {

/// The results of a training world, without values and rows.
world::Section declared_results();

/// The same of a run that ended.
world::Section results_of(const RunTotals& totals);

/// What the run's speeds rest on, as tables: a row a device and a row a pruned model.
void put_basis(world::Section& section, const std::vector<DeviceBasis>& devices,
               const std::vector<PrunedBasis>& pruned);

}  // namespace orrery::training
