// From the state at the end of a decision to the actions that lead there.
#pragma once

#include "sim/worlds/training/policies/crius/state.hpp"

namespace orrery::policies::crius {

/// Adds preempt, change and start actions to the state's. Which GPUs of a node a job has makes no
/// difference, so a job keeps its own where it has as many on the node as before; only under
/// `search: arena` does the exact slot count, because there every exchanged slot costs a restart.
void settle(State& state);

}  // namespace orrery::policies::crius
