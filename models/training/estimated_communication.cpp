#include "models/training/estimated_communication.hpp"

#include <bit>

#include "models/training/estimator.hpp"

namespace orrery::models {

namespace {

PlanShape shape_of(const ParallelPlan& plan, std::int32_t gpus) {
  const auto stages = static_cast<std::int32_t>(plan.stages.size());
  const std::int32_t tensor = plan.stages.front().tp;
  if (gpus % (stages * tensor) != 0) return {gpus, 1, 1};
  return {gpus / (stages * tensor), tensor, stages};
}

}  // namespace

std::optional<CommunicationShare> estimated_communication(const DeviceCostsByType& devices,
                                                          const TrainingTask& task,
                                                          std::string_view gpu_type,
                                                          Locality locality) {
  const auto device = devices.find(gpu_type);
  const std::optional<ModelDescription> model = model_of(task);
  if (device == devices.end() || !model || task.batch_samples <= 0) return std::nullopt;
  if (!has_powers_of_two(locality)) return std::nullopt;
  EstimatorOptions options = usual_options(*model);
  options.most_plans = 1;
  const CellEstimate found =
      estimate(*model, static_cast<double>(task.batch_samples), device->second, locality, options);
  if (!found.feasible()) return std::nullopt;
  const PlanEstimate& best = found.plans.front();
  const TimeBreakdown& time = best.time;
  return CommunicationShare{shape_of(best.plan, locality.gpus()),
                            (time.intra_stage_seconds + time.sync_seconds) / time.total_seconds,
                            time.inter_stage_seconds / time.total_seconds};
}

}  // namespace orrery::models
