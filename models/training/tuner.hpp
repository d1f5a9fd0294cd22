// The plans that a full search would compile and measure: the tuner of Crius.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/training/estimator.hpp"

namespace orrery::models {

/// Layers -> stages of a plan, layer by layer, compared: in how many layers they differ.
int plan_distance(const ParallelPlan& a, const ParallelPlan& b);

/// Indices of the non-dominated plans (docs/systems/crius.md, "Tuner"), in the order of `plans`:
/// built by streaming insertion over imbalance D and end-to-end volume; where collectives are
/// insignificant for both, D alone decides and must be ten times smaller. More than `most` are
/// thinned out: of the two closest plans the one with the larger D goes, then the larger volume.
std::vector<std::size_t> nondominated(std::span<const PlanEstimate> plans, std::size_t most = 32);

}  // namespace orrery::models
