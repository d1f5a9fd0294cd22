// How far a job is, and what its restarts cost it, round by round under arena rules. Pure functions
// of a small value, so that each rule can be tried by hand. Read: docs/systems/crius.md, "Progress"
// and "Restart charge".
#pragma once

#include "sim/worlds/training/arena/arena_rules.hpp"

namespace orrery::training::arena {

/// Quotient rounded down as the artifact's language divides numbers (by fmod, then rounded).
double floor_divide(double dividend, double divisor);

/// One job. Iterations are whole unless progress counts at the speed it had.
struct JobProgress {
  double iterations = 0;            ///< of work; a suspension takes off what was done
  double elapsed_seconds = 0;       ///< run so far; since the newest allocation if not revalued
  double banked_iterations = 0;     ///< of earlier allocations; 0 when progress is revalued
  double debt_seconds = 0;          ///< of a restart still to be paid; 0: none
  double fresh_charge_seconds = 0;  ///< of a restart in the round in hand
  bool rescheduled = false;         ///< in the round in hand: it got a GPU it had not
};

/// The rules over one job's progress.
class ProgressRules {
 public:
  ProgressRules(const Quirks& quirks, double round_seconds)
      : quirks_(quirks), round_seconds_(round_seconds) {}

  /// A round has passed in which the job held its GPUs. True: it is done. A job
  /// that was in debt is not even looked at, though a faster allocation may have re-valued it so
  /// that nothing is left (inferred: Gandiva equals the published results only so).
  bool advance(JobProgress& job, double iteration_seconds) const;
  /// Iterations left at `iteration_seconds` each, at least 0.
  double remaining(const JobProgress& job, double iteration_seconds) const;
  /// The job goes on with another allocation; `iteration_seconds` are the old one's.
  void change(JobProgress& job, double iteration_seconds) const;
  /// The job is pending again.
  void suspend(JobProgress& job, double iteration_seconds) const;
  /// The job got GPUs that it had not before the round; `charge_seconds` to be paid.
  void reschedule(JobProgress& job, double charge_seconds) const;
  /// Rounds from now, before this one's charge is settled, until a job that keeps its GPUs is done.
  double rounds_to_end(const JobProgress& job, double iteration_seconds) const;
  /// The part of the round's throughput that restarts leave; settles the round's charge and debt.
  /// To be called once a round for each running job.
  double settle_round(JobProgress& job) const;

 private:
  double done(const JobProgress& job, double iteration_seconds) const;

  Quirks quirks_;
  double round_seconds_;
};

}  // namespace orrery::training::arena
