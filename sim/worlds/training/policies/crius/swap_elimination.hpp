// Takes back moves that change nothing.
#pragma once

#include "sim/worlds/training/policies/crius/state.hpp"

namespace orrery::policies::crius {

/// A job that held whole nodes at `mark` and now holds as many others of the same type gets its old
/// ones back; who has them now gets its new ones (docs/systems/crius.md, "Swap elimination": read).
void eliminate_swaps(State& state, std::size_t mark);

}  // namespace orrery::policies::crius
