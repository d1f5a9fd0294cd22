#include "models/training/memory.hpp"

#include <algorithm>

namespace orrery::models {

namespace {

/// What the largest layer works on beside what is kept: all its activations where they are computed
/// again, else its output twice.
double working_bytes(const Layer& layer, double samples, int tp, const ParallelPlan& plan) {
  if (plan.recompute == Recompute::none) return 2 * layer.output_bytes * samples;
  return kept_activation_bytes(layer, samples, tp, Recompute::none, plan.sequence_parallel);
}

}  // namespace

OptimizerBytes adam_bytes(const ModelDescription& model) {
  if (model.family == "moe") return {2, 2, 4};
  if (model.family == "wide_resnet") return {4, 4, 4};
  if (model.bytes_per_element > 2) return {4, 4, 8};
  return {};
}

double micro_batches_in_flight(const ParallelPlan& plan, int stage) {
  const double all = plan.micro_batches;
  if (plan.schedule == PipelineSchedule::gpipe) return all;
  const auto stages = static_cast<double>(plan.stages.size());
  double depth = stages - stage;
  if (plan.interleave > 1) depth += (stages - 1) / plan.interleave;
  return std::min(all, depth);
}

double kept_activation_bytes(const Layer& layer, double samples, int tp, Recompute recompute,
                             bool sequence_parallel) {
  if (recompute == Recompute::full) return samples * layer.input_bytes;
  double bytes =
      layer.kept_replicated_bytes / (sequence_parallel ? tp : 1) + layer.kept_sharded_bytes / tp;
  if (recompute == Recompute::none) bytes += layer.kept_selective_bytes / tp;
  return samples * bytes;
}

StageMemory stage_memory(const ModelDescription& model, double global_batch,
                         const ParallelPlan& plan, int stage, const OptimizerBytes& optimizer,
                         double runtime_bytes) {
  const StagePlan& place = plan.stages[static_cast<std::size_t>(stage)];
  const double samples = global_batch / plan.micro_batches / place.dp;
  double parameters = 0;
  double stored = 0;  // as parameters of the dense model
  double activations = 0;
  double working = 0;
  for (int k = place.first_layer; k < place.first_layer + place.layers; ++k) {
    const Layer& layer = model.layers[static_cast<std::size_t>(k)];
    const double shared = place.first_layer > 0 ? layer.shared_parameters : 0;
    parameters += layer.parameters + shared;
    stored += layer.stored_share * layer.parameters + shared;
    activations +=
        kept_activation_bytes(layer, samples, place.tp, plan.recompute, plan.sequence_parallel);
    working = std::max(working, working_bytes(layer, samples, place.tp, plan));
  }
  const double owned = parameters / place.tp;
  StageMemory memory;
  memory.weights_bytes = stored / place.tp * optimizer.weight;
  memory.gradients_bytes = owned * optimizer.gradient;
  memory.optimizer_bytes = owned * optimizer.state / (plan.zero1 ? place.dp : 1);
  memory.activations_bytes = activations * micro_batches_in_flight(plan, stage);
  memory.temporary_bytes = working + runtime_bytes;
  return memory;
}

}  // namespace orrery::models
