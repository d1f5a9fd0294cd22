// The time of one training iteration from the times of its stages, in closed form.
#pragma once

#include <span>

namespace orrery::models {

/// Times of one stage; f.., b.. of one micro-batch, sync and update once per iteration. Names of
/// docs/systems/crius.md, "Iteration time", behind each.
struct StageTimes {
  double forward_seconds = 0;           ///< f: compute
  double backward_seconds = 0;          ///< b: compute, recomputation included
  double forward_comm_seconds = 0;      ///< fc: collectives inside the stage
  double backward_comm_seconds = 0;     ///< bc
  double send_activations_seconds = 0;  ///< fx: to the next stage; 0 for the last
  double send_gradients_seconds = 0;    ///< bx: to the stage before; 0 for the first
  double sync_seconds = 0;              ///< s: gradients among the dp replicas, not hidden part
  double update_seconds = 0;            ///< u: optimizer step
};

/// Where the time of an iteration goes; the parts add up to the total.
struct TimeBreakdown {
  double compute_seconds = 0;      ///< of the slowest stage, all its micro-batches, update included
  double intra_stage_seconds = 0;  ///< collectives inside that stage
  double inter_stage_seconds = 0;  ///< transfers that the schedule does not hide
  double sync_seconds = 0;
  double bubble_seconds = 0;    ///< that stage idle while others fill and drain the pipeline
  double overhead_seconds = 0;  ///< host work once per iteration
  double total_seconds = 0;
};

/// How the closed form adds up.
struct IterationForm {
  int micro_batches = 1;
  int interleave = 1;              ///< divides the bubble (docs/systems/crius.md, "Cost model")
  bool overlap_transfers = false;  ///< a stage's time becomes max(own work, incoming transfer)
  /// Crius adds the synchronisation of all stages (sum); false takes the slowest, as stages on
  /// disjoint GPUs synchronise at the same time (ours).
  bool serial_sync = false;
  double overhead_seconds = 0;
  double send_seconds = 0;  ///< host work of each transfer, added to its stage and never hidden
  double slowdown = 0;      ///< share of the whole that is added once more (ours)
};

/// docs/systems/crius.md, "Iteration time": for compute plus collectives and for transfers, forward
/// and backward, (B-1) max_i + sum_i; then gradient synchronisation and max_i u_i. Throws nothing;
/// `stages` must not be empty.
TimeBreakdown iteration_time(std::span<const StageTimes> stages, const IterationForm& form);

}  // namespace orrery::models
