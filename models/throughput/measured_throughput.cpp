#include "models/throughput/measured_throughput.hpp"

#include <bit>
#include <cmath>

#include "models/base/parameters.hpp"

namespace orrery::models {

namespace {

/// Halvings from `best` GPUs per node to `asked`; nullopt where it takes no whole number of them.
std::optional<std::int32_t> halvings(std::int32_t best, std::int32_t asked) {
  std::int32_t count = 0;
  while (best > asked && best % 2 == 0) {
    best /= 2;
    ++count;
  }
  if (best != asked) return std::nullopt;
  return count;
}

double power(double base, std::int32_t exponent) {
  double product = 1;
  for (std::int32_t i = 0; i < exponent; ++i) product *= base;
  return product;
}

/// Seconds of a batch between two measured ones, or of a measured one.
std::optional<double> interpolated(const ThroughputTable& table, const TrainingTask& task,
                                   const ThroughputType& type, Locality locality) {
  if (const auto exact = table.find(task, type.name, locality)) return exact;
  const auto [below, above] = table.around(task, type.name, locality);
  if (!below || !above) return std::nullopt;
  const auto width = static_cast<double>(above->batch_samples - below->batch_samples);
  const double part = static_cast<double>(task.batch_samples - below->batch_samples) / width;
  return below->iteration_seconds + part * (above->iteration_seconds - below->iteration_seconds);
}

/// Seconds of a batch without a row, from the rows of other batches.
std::optional<double> from_other_batches(const ThroughputTable& table, const TrainingTask& task,
                                         const ThroughputType& type, Locality locality) {
  const auto [below, above] = table.around(task, type.name, locality);
  if (!below || task.batch_samples <= 0) return std::nullopt;
  // The parts are equal but for the rounding up to whole samples.
  const std::int64_t parts = above ? 1 : (task.batch_samples - 1) / below->batch_samples + 1;
  const TrainingTask one{task.model, (task.batch_samples - 1) / parts + 1};
  const auto seconds = interpolated(table, one, type, locality);
  if (!seconds) return std::nullopt;
  return static_cast<double>(parts) * *seconds;
}

}  // namespace

base::Declaration<MeasuredRules> declare(const MeasuredRules*) {
  base::Declaration<MeasuredRules> d("What stands for a measurement that is missing.");
  d.number("relaxed_locality", &MeasuredRules::relaxed_locality, base::Dimension::none,
           "throughput factor for each halving of the GPUs per node below the best locality; 0: "
           "unknown")
      .at_least(0)
      .at_most(1);
  d.number("smaller_model", &MeasuredRules::smaller_model, base::Dimension::none,
           "throughput factor for each step in size below a measured model of the family; 0: "
           "unknown")
      .at_least(0)
      .at_most(1000);
  d.boolean("other_batches", &MeasuredRules::other_batches,
            "whether the rows of other batches stand for a batch without one: interpolated, and "
            "accumulated above the largest");
  d.number("longest_iteration", &MeasuredRules::longest_iteration_seconds, base::Dimension::time,
           "a measured iteration longer than this counts as one that cannot run")
      .more_than(0);
  return d;
}

std::optional<TableRow> find_row(const ThroughputTable& table, const MeasuredRules& rules,
                                 const TrainingTask& task, const ThroughputType& type,
                                 Locality locality) {
  const auto limited = [&](double seconds) {
    return seconds > rules.longest_iteration_seconds ? std::numeric_limits<double>::infinity()
                                                     : seconds;
  };
  if (const auto exact = table.find(task, type.name, locality))
    return TableRow{limited(*exact), 0, 0, false};
  if (rules.other_batches)
    if (const auto seconds = from_other_batches(table, task, type, locality))
      return TableRow{limited(*seconds), 0, 0, true};
  const Locality best = best_locality(locality.gpus(), type.gpus_per_node);
  if (rules.relaxed_locality > 0) {
    const auto steps = halvings(best.gpus_per_node, locality.gpus_per_node);
    const auto row = steps ? table.find(task, type.name, best) : std::nullopt;
    if (row) return TableRow{limited(*row), *steps, 0, false};
  }
  if (rules.smaller_model > 0) {
    std::int32_t steps = 0;
    for (const std::string& larger : table.larger_sizes(task.model)) {
      ++steps;
      const auto row = table.find({larger, task.batch_samples}, type.name, locality);
      if (row) return TableRow{limited(*row), 0, steps, false};
    }
  }
  return std::nullopt;
}

Throughput MeasuredThroughput::of(const TrainingTask& task, const ThroughputType& type,
                                  Locality locality) const {
  if (task.pruning) return {};
  const auto row = find_row(*table_, rules_, task, type, locality);
  if (!row) return {};
  const double factor =
      power(rules_.relaxed_locality, row->halvings) * power(rules_.smaller_model, row->size_steps);
  const bool exact = row->halvings == 0 && row->size_steps == 0 && !row->other_batch;
  return throughput_of(row->iteration_seconds / factor, task.batch_samples,
                       exact ? ThroughputOrigin::measured : ThroughputOrigin::derived);
}

}  // namespace orrery::models
