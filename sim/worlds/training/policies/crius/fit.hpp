// Fit: finds GPUs for one job, downgrading others where it must.
#pragma once

#include "sim/worlds/training/policies/crius/arena_downgrade_search.hpp"
#include "sim/worlds/training/policies/crius/downgrade_search.hpp"
#include "sim/worlds/training/policies/crius/state.hpp"

namespace orrery::policies::crius {

/// Read (docs/systems/crius.md, "Fit"): the requested type and count at their best locality are
/// taken at once; else the best of what a relaxed locality and the downgrade search offer.
class Fit {
 public:
  explicit Fit(State& state)
      : state_(state),
        search_(state.slots, state.estimates, state.trial, state.counts),
        arena_search_(state.slots, state.estimates, state.trial, state.counts) {}

  /// Leaves the job placed where `found`, else the state as it was. `request` is none of the
  /// state's only where the job may choose between types at no cost: then those are tried in order.
  FitCandidate place(JobId job, Request request, std::int32_t migration_budget);

 private:
  Trial try_types(JobId job, Request& request, std::int32_t migration_budget);

  State& state_;
  DowngradeSearch search_;
  ArenaDowngradeSearch arena_search_;
};

}  // namespace orrery::policies::crius
