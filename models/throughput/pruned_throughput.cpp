#include "models/throughput/pruned_throughput.hpp"

namespace orrery::models {

Throughput PrunedThroughput::of(const TrainingTask& task, const ThroughputType& type,
                                Locality locality) const {
  if (!task.pruning) return {};
  TrainingTask whole = task;
  whole.pruning.reset();
  const Throughput measured = dense_->of(whole, type, locality);
  if (!measured.feasible()) return {};
  const Throughput dense = estimates_->of(whole, type, locality);
  const Throughput pruned = estimates_->of(task, type, locality);
  if (!dense.feasible() || !pruned.feasible()) return {};
  const double factor = pruned.iteration_seconds / dense.iteration_seconds;
  return throughput_of(measured.iteration_seconds * factor, task.batch_samples,
                       ThroughputOrigin::derived);
}

}  // namespace orrery::models
