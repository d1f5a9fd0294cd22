#include "models/throughput/measured_throughput.hpp"

#include <bit>
#include <cmath>

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
      .at_least(0);
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
    return TableRow{limited(*exact), 0, 0};
  const Locality best = best_locality(locality.gpus(), type.gpus_per_node);
  if (rules.relaxed_locality > 0) {
    const auto steps = halvings(best.gpus_per_node, locality.gpus_per_node);
    const auto row = steps ? table.find(task, type.name, best) : std::nullopt;
    if (row) return TableRow{limited(*row), *steps, 0};
  }
  if (rules.smaller_model > 0) {
    std::int32_t steps = 0;
    for (const std::string& larger : table.larger_sizes(task.model)) {
      ++steps;
      const auto row = table.find({larger, task.batch_samples}, type.name, locality);
      if (row) return TableRow{limited(*row), 0, steps};
    }
  }
  return std::nullopt;
}

Throughput MeasuredThroughput::of(const TrainingTask& task, const ThroughputType& type,
                                  Locality locality) const {
  const auto row = find_row(*table_, rules_, task, type, locality);
  if (!row || std::isinf(row->iteration_seconds)) return {};
  const double factor =
      power(rules_.relaxed_locality, row->halvings) * power(rules_.smaller_model, row->size_steps);
  const bool exact = row->halvings == 0 && row->size_steps == 0;
  return throughput_of(row->iteration_seconds / factor, task.batch_samples,
                       exact ? ThroughputOrigin::measured : ThroughputOrigin::derived);
}

}  // namespace orrery::models
