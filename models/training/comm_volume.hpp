// Bytes that plans move: the objectives by which Crius chooses among (dp, tp) and tunes.
#pragma once

#include <span>

#include "models/training/plan.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// Bytes of one stage, per rank (docs/systems/crius.md, "Communication volume").
struct StageVolume {
  double micro_batch_bytes = 0;  ///< tensor parallelism: output of each operator times (t-1)/t
  double once_bytes = 0;         ///< data parallelism: parameters times (d-1)/d
  double handed_on_bytes = 0;    ///< output of the last layer over the smaller side's GPUs
};

/// Volume of one stage for micro-batches of `samples` samples, all replicas together; the next
/// stage has `next_gpus` GPUs, 0 for the last.
StageVolume stage_volume(const ModelDescription& model, const StagePlan& stage, double samples,
                         int next_gpus);

/// The greedy (dp, tp) of a stage: least per-micro-batch plus once-only volume, 10 % more where the
/// shape differs from the stage before (`previous`, null for the first); replicas at most
/// `samples`. Equal volumes: the smaller tp.
StagePlan proxy_shape(const ModelDescription& model, const StagePlan& stage, double samples,
                      const StagePlan* previous);

/// End-to-end volume of a plan, the tuner's second objective (docs/systems/crius.md, "Tuner"):
/// sum of handed-on + half their standard deviation + (B-1) (max per micro-batch + sum once).
double end_to_end_bytes(std::span<const StageVolume> stages, int micro_batches);

}  // namespace orrery::models
