// Making room for a job by downgrading others: what the two searches share.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "sim/worlds/training/policies/crius/placement_trial.hpp"

namespace orrery::policies::crius {

/// What is searched for: room for one job, which owns nothing now.
struct SearchInput {
  JobId job;
  Request request;
  std::int32_t depth = 3;        ///< modifications in a row, at most
  std::uint64_t expansions = 0;  ///< candidates expanded, at most; 0: any number
  std::int32_t migration_budget = 0;
  bool shrink = true;
  bool change_types = true;
};

/// A way to place the job: changes to replay on the state the search began with.
struct FitCandidate {
  bool found = false;
  double gain = 0;  ///< "structured marginal gain" (docs/systems/crius.md, "Fit")
  std::int32_t budget_left = 0;
  std::vector<Change> changes;
};

/// What halving a job would leave: half of its nodes, or half of the GPUs of its only one.
inline Locality halved(Locality locality) {
  if (locality.nodes > 1) return {locality.nodes / 2, locality.gpus_per_node};
  return {1, locality.gpus_per_node / 2};
}

/// Halves a running job: on one node it keeps its first GPUs, on several those nodes that have the
/// most free GPUs (by index on ties).
void halve(SlotMap& slots, JobId job);

/// A job that might be moved to another type, the value it is chosen by as far as it is known
/// before it is tried, and the most that a trial can make of it.
struct Move {
  JobId job;
  std::size_t type = 0;
  std::int32_t gpus = 0;
  double known = 0;
  double at_most = 0;
};

/// The entry with the largest value, the first among equals, as if all had been tried in order;
/// only entries whose bound allows it are tried. `value_of(entry)` is nullopt where infeasible.
template <class Entry, class ValueOf>
std::optional<std::pair<std::size_t, double>> best_of(const std::vector<Entry>& entries,
                                                      std::vector<std::uint8_t>& tried,
                                                      double more_than, ValueOf value_of) {
  tried.assign(entries.size(), 0);
  std::optional<std::pair<std::size_t, double>> best;
  while (true) {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const double bound = entries[i].at_most;
      if (tried[i] != 0 || !(bound > more_than)) continue;
      if (best && (bound < best->second || (bound == best->second && i > best->first))) continue;
      if (!next || bound > entries[*next].at_most) next = i;
    }
    if (!next) return best;
    tried[*next] = 1;
    const std::optional<double> value = value_of(entries[*next]);
    if (!value || !(*value > more_than)) continue;
    if (!best || *value > best->second || (*value == best->second && *next < best->first))
      best = {*next, *value};
  }
}

}  // namespace orrery::policies::crius
