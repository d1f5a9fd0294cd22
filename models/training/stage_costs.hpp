// From a plan to the times of its stages.
#pragma once

#include <cstddef>
#include <vector>

#include "models/training/device_costs.hpp"
#include "models/training/iteration_time.hpp"
#include "models/training/plan.hpp"
#include "models/zoo/model_description.hpp"

namespace orrery::models {

/// The GPUs of a stage: `gpus` of them from the `first_gpu`-th of the allocation, counted node by
/// node; tensor-parallel ranks are neighbours, replicas tp apart.
struct StageSite {
  int first_gpu = 0;
  Locality locality;
};

/// The tensor-parallel groups of a stage, all at work at the same time.
GroupShape tensor_group(const StagePlan& stage, const StageSite& site);

/// The data-parallel groups of a stage, all at work at the same time.
GroupShape data_group(const StagePlan& stage, const StageSite& site);

/// Forward compute seconds of one layer for `samples` samples on one rank of `tp`.
double layer_forward_seconds(const DeviceCosts& device, const ModelDescription& model,
                             const Layer& layer, double samples, int tp,
                             bool sequence_parallel = false);

/// Times of one stage of a plan, without its transfers to neighbours. `samples` per micro-batch
/// and replica: global_batch / micro_batches / dp.
StageTimes stage_times(const ModelDescription& model, const StagePlan& stage, const StageSite& site,
                       double samples, const ParallelPlan& plan, const DeviceCosts& device);

/// Seconds to hand `bytes` (of a whole micro-batch) from one stage to the next: each of the
/// smaller side's GPUs sends or receives its share (docs/systems/crius.md, "Communication volume").
double transfer_seconds(const StagePlan& from, const StageSite& from_site, const StagePlan& to,
                        const StageSite& to_site, double bytes, const DeviceCosts& device);

/// The same for the boundary behind stage `stage` of a plan: the output of its last layer.
double boundary_seconds(const ModelDescription& model, const ParallelPlan& plan, std::size_t stage,
                        const StageSite& site, const StageSite& next_site, double micro_batch,
                        const DeviceCosts& device);

/// Times of all stages of a plan, transfers included. Stages take GPUs in order, node by node.
std::vector<StageTimes> plan_times(const ModelDescription& model, double global_batch,
                                   const ParallelPlan& plan, const Locality& locality,
                                   const DeviceCosts& device);

}  // namespace orrery::models
