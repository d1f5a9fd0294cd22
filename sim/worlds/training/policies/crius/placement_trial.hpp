// Whether a job fits, and how: idle nodes, one partly free node, room made by migrating others
// (bubble migration), or a relaxed locality.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/worlds/training/policies/crius/estimates.hpp"

namespace orrery::policies::crius {

/// What the searches did, counted; the same on every machine.
struct Counts {
  std::uint64_t trials = 0;      ///< placement trials
  std::uint64_t migrations = 0;  ///< iterations of bubble migration
  std::uint64_t searches = 0;    ///< downgrade searches
  std::uint64_t expansions = 0;  ///< candidates expanded by them
};

struct Trial {
  bool feasible = false;
  bool relaxed = false;          ///< spread over more nodes than the best locality
  double throughput = 0;         ///< of the job where it was placed
  double others = 0;             ///< throughput change of jobs whose parts were merged on the way
  std::int32_t budget_left = 0;  ///< iterations of bubble migration left to the pass
};

/// The rules of a trial that an option or the emulation of the artifact may change.
struct TrialRules {
  bool migrate = true;
  /// Count the iterations that the artifact would go on with after the state repeats itself, and
  /// merge the parts of a job even where that makes it slower.
  bool as_the_artifact = false;
  std::int32_t local_budget = 256;  ///< iterations of bubble migration in one trial
};

class PlacementTrial {
 public:
  PlacementTrial(SlotMap& slots, const Estimates& estimates, Counts& counts)
      : slots_(slots), estimates_(estimates), counts_(counts) {}

  void set_rules(const TrialRules& rules) { rules_ = rules; }

  /// Places a job that owns nothing. Leaves the job placed; where it is infeasible, what migration
  /// has changed stays (the caller rolls back).
  Trial place(JobId job, Request request, std::int32_t budget);

 private:
  bool place_at_best(JobId job, Locality best, Request request);
  /// Halves the GPUs per node until enough nodes have them; 0 where none do.
  double place_relaxed(JobId job, Locality best, Request request);
  /// For jobs of any other count: whatever is free, most free nodes first.
  bool place_anywhere(JobId job, Request request);
  /// Migrates until the job fits at its best locality; the iterations that took.
  std::int32_t migrate(JobId job, Locality best, Request request, std::int32_t most, Trial& trial);

  SlotMap& slots_;
  const Estimates& estimates_;
  Counts& counts_;
  TrialRules rules_;
  std::vector<std::uint32_t> nodes_;
  std::vector<std::uint32_t> partial_;
  std::vector<std::uint64_t> seen_;  // hashes of the states of this trial
};

}  // namespace orrery::policies::crius
