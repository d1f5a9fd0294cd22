// What the speeds of a run rest on, as tables: a row a device and a row a pruned model.
#pragma once

#include <vector>

#include "sim/world/section.hpp"
#include "sim/worlds/training/records/basis.hpp"

namespace orrery::training {

/// The tables without rows.
std::vector<world::Table> declared_basis();

/// Fills in the rows of a section that has these tables, and a note where a device is uncalibrated.
void put_basis(world::Section& section, const std::vector<DeviceBasis>& devices,
               const std::vector<PrunedBasis>& pruned);

}  // namespace orrery::training
