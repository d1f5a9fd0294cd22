// How a model is spread over the GPUs that it is given.
//
// models/training in the order of reading:
//   plan.hpp                 ParallelPlan: what is decided
//   device_costs.hpp         DeviceCosts: what a device and its links cost
//   collectives.hpp          seconds of a collective: alpha-beta forms
//   collective_table.hpp     seconds of a collective: measured, interpolated as Crius does
//   stage_costs.hpp          StageTimes of every stage: forward, backward, transfers, sync
//   memory.hpp               StageMemory: weights, gradients, optimizer, activations
//   iteration_time.hpp       closed form of an iteration from StageTimes, and its parts
//   pipeline_simulation.hpp  the same iteration event by event, GPipe and 1F1B
//   stage_partition.hpp      which layers form a stage, and how many GPUs it gets
//   estimator.hpp            estimate(): all plans of one model on one allocation
//   tuner.hpp                the non-dominated set that a full search would measure
// Formulas and their sources: docs/systems/crius.md.
// All are pure functions of plain values: the same arguments, the same bits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/throughput/locality.hpp"

namespace orrery::models {

/// What the backward pass computes again instead of keeping it.
enum class Recompute : std::uint8_t { none, selective, full };
std::string_view to_string(Recompute recompute);

/// The order of micro-batches in a pipeline. Both take the same time on equal stages; 1F1B keeps
/// fewer micro-batches in memory.
enum class PipelineSchedule : std::uint8_t { gpipe, one_forward_one_backward };
std::string_view to_string(PipelineSchedule schedule);

/// One pipeline stage: a run of layers on dp * tp GPUs.
struct StagePlan {
  int first_layer = 0;
  int layers = 1;  ///< at least one
  int dp = 1;      ///< data-parallel replicas
  int tp = 1;      ///< tensor-parallel (for experts: expert-parallel) ranks of each replica

  int gpus() const { return dp * tp; }
  bool operator==(const StagePlan&) const = default;
};

/// A full plan. Invariant: stages cover the layers in order without gaps.
struct ParallelPlan {
  std::vector<StagePlan> stages;
  int micro_batches = 1;  ///< B; each holds global_batch / B samples, spread over dp replicas
  Recompute recompute = Recompute::none;
  bool zero1 = false;              ///< optimizer state divided over the dp replicas
  bool sequence_parallel = false;  ///< the rest of activations divided over the tp ranks
  PipelineSchedule schedule = PipelineSchedule::gpipe;
  int interleave = 1;  ///< model chunks per stage; above 1 only in the closed form

  int gpus() const;
  bool operator==(const ParallelPlan&) const = default;
};

/// `pp2 dp4 tp2`, or the shapes of all stages where they differ: `pp2 [dp4 tp1 | dp2 tp2]`.
std::string to_string(const ParallelPlan& plan);

}  // namespace orrery::models
