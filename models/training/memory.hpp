// Memory of one GPU under a plan.
#pragma once

#include <vector>

#include "models/training/plan.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// Bytes on each GPU of one stage.
struct StageMemory {
  double weights_bytes = 0;
  double gradients_bytes = 0;
  double optimizer_bytes = 0;
  double activations_bytes = 0;  ///< of the micro-batches in flight
  double temporary_bytes = 0;    ///< largest working set of one layer, and the framework's own

  double total_bytes() const {
    return weights_bytes + gradients_bytes + optimizer_bytes + activations_bytes + temporary_bytes;
  }
};

/// Bytes per parameter of each part. Adam in mixed precision: 2 + 2 + 12 (master weights and two
/// moments in 4 bytes); with 4-byte weights 4 + 4 + 8.
struct OptimizerBytes {
  double weight = 2;
  double gradient = 2;
  double state = 12;
};

/// What Adam needs for a model's number format; for the families of Crius what its runs held.
/// INFERRED from the peaks of optimal_iter_time_h100_l20.csv on one GPU, extrapolated to an empty
/// batch: 8.2 bytes a parameter for moe (all states in two bytes), 12.3 for wide_resnet (one
/// moment), 17 for bert.
OptimizerBytes adam_bytes(const ModelDescription& model);

/// Micro-batches whose activations a stage holds at once: all under GPipe, the depth of the rest of
/// the pipeline under 1F1B; interleaving with v chunks holds (1 + (p-1)/(p v)) times as many
/// (arXiv 2205.05198, section 4.2.3).
double micro_batches_in_flight(const ParallelPlan& plan, int stage);

/// Activation bytes of one layer for `samples` samples on one rank of `tp`
/// (docs/systems/crius.md, "Cost model"; Korthikanti et al., table 2).
double kept_activation_bytes(const Layer& layer, double samples, int tp, Recompute recompute,
                             bool sequence_parallel);

/// Memory of each GPU of stage `stage`.
StageMemory stage_memory(const ModelDescription& model, double global_batch,
                         const ParallelPlan& plan, int stage, const OptimizerBytes& optimizer,
                         double runtime_bytes = 0);

}  // namespace orrery::models
