// How fast a job trains where: the question behind every heterogeneity-aware policy, and the one
// interface for all that can answer it (measured tables, our estimator, one after the other).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "models/gemm/pruning.hpp"
#include "models/throughput/locality.hpp"

namespace orrery::models {

/// What is trained: a model as traces and tables name it (`bert__1.3B`), its global batch, and how
/// its weights are pruned. Tables hold dense models only.
struct TrainingTask {
  std::string model;
  std::int64_t batch_samples = 0;  ///< per iteration, over all GPUs; 0: the model's own, unknown
  std::optional<gemm::Pruning> pruning = std::nullopt;
  bool operator==(const TrainingTask&) const = default;
};

/// A GPU type of the platform and the most GPUs that one of its nodes has.
struct ThroughputType {
  std::string name;  ///< of the catalog
  std::int32_t gpus_per_node = 1;
};

/// What a throughput rests on. Reports count decisions by it.
enum class ThroughputOrigin : std::uint8_t {
  none,       ///< not known
  measured,   ///< a measured row of just this configuration
  derived,    ///< a measured row of another configuration, by a rule
  estimated,  ///< our estimator
};

/// The answer for one task on one allocation. An infeasible one with an origin says that the source
/// knows: it cannot run there.
struct Throughput {
  double iteration_seconds = std::numeric_limits<double>::infinity();
  double samples_per_second = 0;  ///< batch over iteration time; 0 when infeasible
  ThroughputOrigin origin = ThroughputOrigin::none;

  bool feasible() const { return samples_per_second > 0; }
  bool known() const { return origin != ThroughputOrigin::none; }
  bool operator==(const Throughput&) const = default;
};

/// No iteration is shorter, so that rates and their ratios stay finite; none that runs is longer.
inline constexpr double kShortestIterationSeconds = 1e-9;
inline constexpr double kLongestIterationSeconds = 1e12;

/// The throughput of an iteration time, infeasible where that is beyond the longest one; a batch
/// that is unknown counts as 1 sample.
inline Throughput throughput_of(double iteration_seconds, std::int64_t batch_samples,
                                ThroughputOrigin origin) {
  if (!(iteration_seconds > 0)) return {};
  if (iteration_seconds > kLongestIterationSeconds)
    return {std::numeric_limits<double>::infinity(), 0, origin};
  iteration_seconds = std::max(iteration_seconds, kShortestIterationSeconds);
  const double batch = batch_samples > 0 ? static_cast<double>(batch_samples) : 1.0;
  return {iteration_seconds, batch / iteration_seconds, origin};
}

/// Who answers. Implementations are pure: the same question has the same answer.
class ThroughputSource {
 public:
  virtual ~ThroughputSource() = default;
  /// Infeasible where the task cannot run there, and not even known where no source can tell.
  virtual Throughput of(const TrainingTask& task, const ThroughputType& type,
                        Locality locality) const = 0;
};

}  // namespace orrery::models
