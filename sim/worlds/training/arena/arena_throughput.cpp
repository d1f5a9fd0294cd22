#include "sim/worlds/training/arena/arena_throughput.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace orrery::training::arena {

double round3(double value) {
  std::array<char, 400> text{};  // a double has at most 309 digits before the point
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3);
  double rounded = value;
  std::from_chars(text.data(), written.ptr, rounded);
  return rounded;
}

models::Throughput ArenaThroughput::of(const models::TrainingTask& task,
                                       const models::ThroughputType& type,
                                       models::Locality locality) const {
  if (task.pruning) return {};
  const auto row = models::find_row(*table_, rules_, task, type, locality);
  if (!row || std::isinf(row->iteration_seconds)) return {};
  const auto batch = static_cast<double>(task.batch_samples);
  double throughput = round3(batch / row->iteration_seconds);
  // One factor is 1: rules are never combined.
  for (std::int32_t h = 0; h < row->halvings; ++h) throughput *= rules_.relaxed_locality;
  for (std::int32_t u = 0; u < row->size_steps; ++u) throughput *= rules_.smaller_model;
  if (!(throughput > 0)) return {};
  const bool exact = row->halvings == 0 && row->size_steps == 0;
  // An iteration below half a millisecond would round to none at all.
  return {std::max(round3(batch / throughput), 1e-3), throughput,
          exact ? models::ThroughputOrigin::measured : models::ThroughputOrigin::derived};
}

}  // namespace orrery::training::arena
