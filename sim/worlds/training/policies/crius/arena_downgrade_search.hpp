// The downgrade search as the published artifact does it, with its quirks.
//
// Read (docs/systems/crius.md, "Quirks of the downgrade search"): steps are valued with -1e9 and
// +1e9 where an allocation cannot be run on; moving another job counts its gain twice (at its best
// locality and as placed); the job itself enters a type change with the type and count it asked
// for, so that an earlier shrink of it is taken back, and its own value overrides every other
// choice; its own shrink and type change count as changes of throughput although it does not run
// yet; what a shrunk job gains when its parts are merged is not counted. The order of expansion
// decides ties.
// Left out because it changes no result: the artifact expands all earlier candidates again at each
// level, which only finds the same candidates later.
#pragma once

#include "sim/worlds/training/policies/crius/downgrade.hpp"

namespace orrery::policies::crius {

class ArenaDowngradeSearch {
 public:
  ArenaDowngradeSearch(SlotMap& slots, const Estimates& estimates, PlacementTrial& trial,
                       Counts& counts)
      : slots_(slots), estimates_(estimates), trial_(trial), counts_(counts) {}

  /// Improves `best`, which may hold a candidate already. The state is left as it was.
  void search(const SearchInput& input, FitCandidate& best);

 private:
  /// A job on an allocation that a step gave it.
  struct Step {
    JobId job;
    std::size_t type = 0;
    Locality locality;
  };
  struct Candidate {
    std::vector<Change> changes;
    Request target;  ///< what the job is to get
    double gain = 0;
    std::int32_t budget = 0;
    std::vector<Step> steps;
  };

  void expand(const Candidate& candidate);
  void shrink_on(const Candidate& candidate, std::size_t type);
  void change_type(const Candidate& candidate);
  /// These give the job whose type is changed; none where no move is possible.
  JobId change_type_of_other(const Candidate& candidate, Candidate& child);
  JobId change_type_of_target(const Candidate& candidate, Candidate& child);
  /// Tries the job on the child's state; keeps candidates and what may be expanded further.
  void finish(Candidate& child, JobId changed, std::size_t type, Locality expected,
              bool try_target);
  bool all_can_run(const std::vector<Step>& steps) const;
  double change(JobId job, std::size_t new_type, Locality new_locality, std::size_t old_type,
                Locality old_locality) const;

  SlotMap& slots_;
  const Estimates& estimates_;
  PlacementTrial& trial_;
  Counts& counts_;
  SearchInput input_;
  FitCandidate* best_ = nullptr;
  std::size_t root_ = 0;
  std::vector<Candidate> level_;
  std::vector<Candidate> next_;
  std::vector<JobId> jobs_;
  std::vector<Move> moves_;
  std::vector<std::uint8_t> tried_;
};

}  // namespace orrery::policies::crius
