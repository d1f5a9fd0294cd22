#include "models/throughput/throughput_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "models/base/numbers.hpp"

namespace orrery::models {

namespace {

/// 1.3e9 of `1.3B`; 0 where the text is not a size.
double parse_size(std::string_view text) {
  if (text.size() < 2) return 0;
  const double unit = text.back() == 'B' ? 1e9 : text.back() == 'M' ? 1e6 : 0;
  const auto value = base::parse_double(text.substr(0, text.size() - 1));
  return value && *value > 0 ? *value * unit : 0;
}

}  // namespace

ModelName parse_model_name(std::string_view model) {
  const std::size_t gap = model.rfind("__");
  if (gap == std::string_view::npos) return {std::string(model), 0};
  const double parameters = parse_size(model.substr(gap + 2));
  if (parameters <= 0) return {std::string(model), 0};
  return {std::string(model.substr(0, gap)), parameters};
}

void ThroughputTable::add(const TrainingTask& task, const std::string& gpu_type, Locality locality,
                          double iteration_seconds, const base::Where& where) {
  const bool runs = std::isfinite(iteration_seconds);
  if (!(iteration_seconds >= kShortestIterationSeconds) ||
      (runs && iteration_seconds > kLongestIterationSeconds)) {
    throw base::Error(where, fmt::format("found an iteration time of {} s, expected 1e-9 to 1e12",
                                         iteration_seconds));
  }
  const Key key{task.model, task.batch_samples, gpu_type, locality};
  if (!seconds_.emplace(key, iteration_seconds).second) {
    throw base::Error(where, fmt::format("{} with batch {} on {} x {} {} stands twice, expected "
                                         "each configuration once",
                                         task.model, task.batch_samples, locality.nodes,
                                         locality.gpus_per_node, gpu_type));
  }
  if (runs)
    batches_[{task.model, gpu_type, locality}].emplace(task.batch_samples, iteration_seconds);
  const ModelName name = parse_model_name(task.model);
  auto& sizes = families_[name.family];
  const std::pair entry{name.parameters, task.model};
  const auto at = std::lower_bound(sizes.begin(), sizes.end(), entry);
  if (at == sizes.end() || *at != entry) sizes.insert(at, entry);
}

std::optional<double> ThroughputTable::find(const TrainingTask& task, std::string_view gpu_type,
                                            Locality locality) const {
  const auto found =
      seconds_.find(Key{task.model, task.batch_samples, std::string(gpu_type), locality});
  if (found == seconds_.end()) return std::nullopt;
  return found->second;
}

ThroughputTable::Neighbours ThroughputTable::around(const TrainingTask& task,
                                                    std::string_view gpu_type,
                                                    Locality locality) const {
  Neighbours found;
  const auto rows = batches_.find(Configuration{task.model, std::string(gpu_type), locality});
  if (rows == batches_.end()) return found;
  const auto from = rows->second.lower_bound(task.batch_samples);
  if (from != rows->second.begin()) {
    const auto& [batch, seconds] = *std::prev(from);
    found.below = BatchRow{batch, seconds};
  }
  const auto above = rows->second.upper_bound(task.batch_samples);
  if (above != rows->second.end()) found.above = BatchRow{above->first, above->second};
  return found;
}

std::vector<MeasuredIteration> ThroughputTable::measurements() const {
  std::vector<MeasuredIteration> rows;
  for (const auto& [key, seconds] : seconds_) {
    const auto& [model, batch, gpu_type, locality] = key;
    rows.push_back({{model, batch}, gpu_type, locality, seconds});
  }
  return rows;
}

std::vector<std::string> ThroughputTable::larger_sizes(const std::string& model) const {
  const ModelName name = parse_model_name(model);
  std::vector<std::string> larger;
  const auto family = families_.find(name.family);
  if (family == families_.end() || name.parameters <= 0) return larger;
  for (const auto& [parameters, other] : family->second)
    if (parameters > name.parameters) larger.push_back(other);
  return larger;
}

std::vector<std::string> ThroughputTable::models() const {
  std::vector<std::string> names;
  for (const auto& [family, sizes] : families_)
    for (const auto& [parameters, model] : sizes) names.push_back(model);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace orrery::models
