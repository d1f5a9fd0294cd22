// The two passes of a round (docs/systems/crius.md, "Rounds of decisions"): first who left, then
// who came.
#pragma once

#include <span>

#include "sim/worlds/training/policies/crius/fit.hpp"
#include "sim/worlds/training/policies/crius/upgrade.hpp"

namespace orrery::policies::crius {

class Passes {
 public:
  explicit Passes(State& state) : state_(state), fit_(state), upgrade_(state) {}

  /// After departures, failures and repairs: spread jobs gather, pending jobs are tried again, and
  /// running ones upgraded unless jobs have arrived, too.
  void departures(bool also_arrived);
  /// Fits each arrival in turn, then upgrades.
  void arrivals(std::span<const JobId> arrived);

 private:
  struct Signature {
    models::TaskId task;
    std::size_t type;
    std::int32_t gpus;
    std::int32_t free_gpus;
    bool operator==(const Signature&) const = default;
  };

  void restart_pending();
  /// Tries pending jobs from `from` on; the position of the one that was restarted, or none.
  std::optional<std::size_t> restart_one(std::size_t from);
  /// GPUs of an opportunistic job while they count as free for a blocker.
  struct Loan {
    JobId job;
    std::vector<Piece> pieces;
  };
  std::vector<Loan> lend_behind(std::size_t position);
  /// The job at a position has been placed: ends the loans, and suspends whose GPUs it took.
  void settle_restart(std::size_t position, std::size_t mark, std::span<const Loan> loans);
  void suspend_resized(std::size_t mark, JobId because_of);
  void suspend(JobId job, std::span<const Piece> held, JobId because_of);
  Signature signature(JobId job, Request request) const;
  JobId pending_of_type(std::size_t type, std::size_t before);
  /// Nodes are down, and the job could not be fitted on the others if nothing ran on them: it waits
  /// for nodes to come back and holds up nobody.
  bool set_aside(JobId job, Request request);

  State& state_;
  Fit fit_;
  UpgradeTrial upgrade_;
};

}  // namespace orrery::policies::crius
