// The Cell estimator: all plans of one model on one allocation, best first.
//
// A Cell (Crius) is a job with fixed GPUs and a number of pipeline stages; inside it lie the cuts
// between stages, the GPUs of each stage and its (dp, tp). `estimate` looks into all Cells of one
// allocation at once: stage counts 1, 2, 4, ... up to its GPUs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/training/device_costs.hpp"
#include "models/training/iteration_time.hpp"
#include "models/training/memory.hpp"
#include "models/training/plan.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

struct EstimatorOptions {
  int micro_batches = 16;  ///< B of all Crius experiments; lowered to the batch where that is less
  Recompute recompute = Recompute::full;  ///< Alpa's default
  bool zero1 = false;
  bool sequence_parallel = false;
  PipelineSchedule schedule = PipelineSchedule::one_forward_one_backward;
  bool overlap_transfers = false;
  bool serial_sync = false;         ///< true: as Crius adds them up
  bool mixed_shapes = true;         ///< false: the same tp in all stages
  bool data_parallel_only = false;  ///< one stage, tp 1: what a DP-only policy decides on
  std::size_t most_plans = 64;      ///< returned; the best of each stage count always is
};

/// What a model's own experiments use: B = 16 and full recomputation for the families of Crius and
/// language models (Alpa's defaults), the batch in one piece without recomputation for small ones
/// (ours).
EstimatorOptions usual_options(const ModelDescription& model);

/// How the estimator adds up the stages of a plan on a device.
IterationForm iteration_form(const ParallelPlan& plan, const DeviceCosts& device,
                             const Locality& locality, const EstimatorOptions& options);

/// The time of one given plan, without a look at its memory.
TimeBreakdown plan_time(const ModelDescription& model, double global_batch,
                        const ParallelPlan& plan, const Locality& locality,
                        const DeviceCosts& device, const EstimatorOptions& options);

/// One plan with its costs.
struct PlanEstimate {
  ParallelPlan plan;
  TimeBreakdown time;
  std::vector<StageMemory> memory;  ///< one for each stage
  double peak_memory_bytes = 0;     ///< of the fullest GPU
  double imbalance = 0;             ///< D of docs/systems/crius.md, "Stage determination"
  double end_to_end_bytes = 0;      ///< volume of docs/systems/crius.md, "Tuner"
  bool compute_bound = false;       ///< collectives below half of compute in every stage
  bool proxy = false;               ///< of its Cell (docs/systems/crius.md, "Proxy plan")
};

/// Why plans were left out, and how many.
struct InfeasiblePlans {
  int out_of_memory = 0;
  int batch_too_small = 0;        ///< dp above the samples of a micro-batch
  double least_memory_bytes = 0;  ///< of the plan that came nearest to fitting; 0 where all fit

  int total() const { return out_of_memory + batch_too_small; }
};

/// What `estimate` found.
struct CellEstimate {
  std::vector<PlanEstimate> plans;  ///< feasible, best first; equal times in order of enumeration
  std::size_t feasible_plans = 0;   ///< found; `plans` may hold fewer
  InfeasiblePlans infeasible;
  bool calibrated = false;
  std::string rests_on;  ///< DeviceCosts::source

  bool feasible() const { return !plans.empty(); }
  /// Of the best plan; infinity where none is feasible.
  double iteration_seconds() const;
};

/// Estimates all Cells of a model with a global batch on an allocation. `locality` must be powers
/// of two; `global_batch` positive. A pure function: callers may cache by its arguments.
CellEstimate estimate(const ModelDescription& model, double global_batch, const DeviceCosts& device,
                      const Locality& locality, const EstimatorOptions& options);

}  // namespace orrery::models
