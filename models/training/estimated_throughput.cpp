#include "models/training/estimated_throughput.hpp"

#include <bit>

#include "models/training/estimator.hpp"
#include "models/zoo/zoo.hpp"

namespace orrery::models {

namespace {}  // namespace

std::optional<ModelDescription> model_of(const TrainingTask& task) {
  const ModelDescription* model = find_model(task.model);
  if (model == nullptr) return std::nullopt;
  return task.pruning ? pruned(*model, *task.pruning) : *model;
}

Throughput EstimatedThroughput::of(const TrainingTask& task, const ThroughputType& type,
                                   Locality locality) const {
  const auto device = devices_.find(type.name);
  const std::optional<ModelDescription> model = model_of(task);
  if (device == devices_.end() || !model || task.batch_samples <= 0) return {};
  if (!has_powers_of_two(locality)) return {};
  EstimatorOptions options = usual_options(*model);
  options.most_plans = 1;
  const CellEstimate found =
      estimate(*model, static_cast<double>(task.batch_samples), device->second, locality, options);
  return throughput_of(found.iteration_seconds(), task.batch_samples, ThroughputOrigin::estimated);
}

}  // namespace orrery::models
