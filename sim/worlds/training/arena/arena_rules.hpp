// Which of the arena's rules hold: the quirks of the Crius (Arena) artifact's simulator, each with
// a switch of its own, so that what one is worth can be told by dropping it.
//
// Read: all of them, in the artifact's code (docs/systems/crius.md, "Quirks of the artifact"). What
// stands in place of a dropped one is ours.
#pragma once

#include "models/base/parameters.hpp"

namespace orrery::training::arena {

/// `rules: {name: arena, early_arrivals: false, ...}`; all hold unless switched off.
struct Quirks {
  /// A job submitted within a round is served at the round's start, before it comes, and that
  /// start counts as its submission (docs/systems/crius.md, "Arrivals and rounds"). Off: at the
  /// first round that begins after it.
  bool early_arrivals = true;
  /// All the time a job has run counts at the speed of its newest allocation, in whole iterations
  /// (docs/systems/crius.md, "Progress"). Off: each allocation's time counts at that allocation's
  /// speed.
  bool revalued_progress = true;
  /// What a job did before it was suspended is taken off its work and counted again when it runs
  /// on (docs/systems/crius.md, "Progress"). Off: once.
  bool suspended_time_counts_twice = true;
  /// A restart of at most a round costs throughput and no progress, and a longer one delays by
  /// whole rounds (docs/systems/crius.md, "Restart charge"). Off: a job computes for the rest of
  /// its time.
  bool free_restarts = true;
  /// A first start is charged as a restart (docs/systems/crius.md, "Restart charge"). Off: it costs
  /// nothing.
  bool charged_first_starts = true;
  /// Throughputs and iteration times are rounded to three decimals
  /// (docs/systems/crius.md, "Throughput lookup"). Off: they are not.
  bool rounded_throughputs = true;
};
base::Declaration<Quirks> declare(const Quirks*);

}  // namespace orrery::training::arena
