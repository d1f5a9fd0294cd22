// Bubble migration: exchanges of jobs between partly free nodes that gather the free GPUs.
#pragma once

#include <cstdint>
#include <span>

#include "sim/worlds/training/policies/crius/estimates.hpp"

namespace orrery::policies::crius {

/// One iteration over partly free nodes of one type, most free first: the first is paired with the
/// last, the second with the last but one, and so on. A pair whose free GPUs could hold what one
/// node has in use empties the node with more free GPUs into the other; else its jobs are laid
/// anew, largest first, so that one node is filled. A pair is left alone where that would make the
/// shares of a job on several nodes unequal. Returns the throughput change of jobs whose two parts
/// came together; unless `slower_too`, a merge that costs throughput leaves its pair alone.
double migrate_bubbles(SlotMap& slots, const Estimates& estimates,
                       std::span<const std::uint32_t> nodes, bool slower_too);

}  // namespace orrery::policies::crius
