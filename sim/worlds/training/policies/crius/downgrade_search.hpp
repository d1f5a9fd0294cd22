// The downgrade search: which other jobs to halve or to move to another GPU type, so that a job
// fits and the cluster gains the most throughput.
//
// Read (docs/systems/crius.md, "Downgrade search"): breadth first to a depth; a step halves, for
// each type, the one job with the best throughput change among those with at least half of the
// largest allocation on it, or moves one job of the job's type to a type with enough idle GPUs;
// after each step the job is tried. Ours: a candidate's gain is the change of the cluster's
// throughput and nothing else: a job counts as it is placed, a job that cannot run meanwhile counts
// nothing (what leaves one so is not a candidate), parts of a job that come together count, and the
// job itself counts once, where it is placed; the job's own move to another type is a branch of its
// own; a state is expanded once; the number of expansions may be limited, so that a deeper search
// costs what one allows it.
#pragma once

#include "sim/worlds/training/policies/crius/downgrade.hpp"

namespace orrery::policies::crius {

class DowngradeSearch {
 public:
  DowngradeSearch(SlotMap& slots, const Estimates& estimates, PlacementTrial& trial, Counts& counts)
      : slots_(slots), estimates_(estimates), trial_(trial), counts_(counts) {}

  /// Improves `best`, which may hold a candidate already. The state is left as it was.
  void search(const SearchInput& input, FitCandidate& best);

 private:
  struct Candidate {
    std::vector<Change> changes;
    Request target;
    double gain = 0;  ///< of all other jobs
    std::int32_t budget = 0;
    std::vector<JobId> changed;  ///< other jobs, by the steps
  };

  void expand(const Candidate& candidate);
  void shrink_on(const Candidate& candidate, std::size_t type);
  void move_other(const Candidate& candidate);
  void move_target(const Candidate& candidate);
  void finish(Candidate& child, bool try_target);
  bool all_can_run(const std::vector<JobId>& jobs) const;
  double now(JobId job) const { return estimates_.of(job, slots_); }

  SlotMap& slots_;
  const Estimates& estimates_;
  PlacementTrial& trial_;
  Counts& counts_;
  SearchInput input_;
  FitCandidate* best_ = nullptr;
  std::size_t root_ = 0;
  std::vector<Candidate> level_;
  std::vector<Candidate> next_;
  std::vector<std::uint64_t> seen_;  // states that are expanded or will be, sorted
  std::vector<JobId> jobs_;
  std::vector<Move> moves_;
  std::vector<std::uint8_t> tried_;
};

}  // namespace orrery::policies::crius
