// Pruned models where dense ones were measured: the measured time, times what an estimate says that
// pruning changes.
#pragma once

#include <memory>
#include <utility>

#include "models/throughput/throughput_source.hpp"

namespace orrery::models {

/// Ours: the iteration time of a pruned task is the dense one of `dense` times estimated(pruned) /
/// estimated(dense) of `estimates`, on the same GPUs (`derived`). Unknown where either does not
/// know, cannot run the dense task, or the task is dense.
class PrunedThroughput final : public ThroughputSource {
 public:
  PrunedThroughput(std::shared_ptr<const ThroughputSource> dense,
                   std::shared_ptr<const ThroughputSource> estimates)
      : dense_(std::move(dense)), estimates_(std::move(estimates)) {}
  Throughput of(const TrainingTask& task, const ThroughputType& type,
                Locality locality) const override;

 private:
  std::shared_ptr<const ThroughputSource> dense_;
  std::shared_ptr<const ThroughputSource> estimates_;
};

}  // namespace orrery::models
