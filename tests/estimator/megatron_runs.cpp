#include "tests/estimator/megatron_runs.hpp"

#include <algorithm>

namespace orrery::estimator_report {

models::ParallelPlan megatron_plan(const traces::PlanMeasurement& run) {
  models::ParallelPlan plan;
  plan.micro_batches = static_cast<int>(run.global_batch / run.micro_batch / run.dp);
  plan.recompute = run.recompute;
  plan.sequence_parallel = run.sequence_parallel;
  plan.schedule = models::PipelineSchedule::one_forward_one_backward;
  plan.interleave = run.interleave;
  const int layers = run.shape.layers / run.pp;
  for (int stage = 0; stage < run.pp; ++stage) {
    const bool first = stage == 0;
    const bool last = stage == run.pp - 1;
    plan.stages.push_back({.first_layer = first ? 0 : 1 + stage * layers,
                           .layers = layers + (first ? 1 : 0) + (last ? 1 : 0),
                           .dp = run.dp,
                           .tp = run.tp});
  }
  return plan;
}

MegatronRuns megatron_runs(const std::vector<traces::PlanMeasurement>& runs) {
  constexpr int kGpusPerNode = 8;
  MegatronRuns all;
  for (const traces::PlanMeasurement& run : runs) {
    models::ModelDescription& model = all.models.emplace_back();
    model.name = run.model;
    model.family = "gpt";
    model.layers = models::transformer_layers(run.shape);
    const int nodes = std::max(1, run.gpus() / kGpusPerNode);
    models::CalibrationPoint point;
    point.model = &model;
    point.global_batch = run.global_batch;
    point.locality = {nodes, run.gpus() / nodes};
    point.plan = megatron_plan(run);
    point.measured_seconds = run.iteration_seconds;
    all.points.push_back(std::move(point));
  }
  return all;
}

}  // namespace orrery::estimator_report
