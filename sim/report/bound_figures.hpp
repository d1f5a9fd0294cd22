// Figures, each declared with where its value comes from: a new one is one call in one file.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "sim/report/distribution_figures.hpp"
#include "sim/world/figure.hpp"

namespace orrery::report {

/// `Totals` is what a world counted and measured in a run.
///
///   figures.add({.key = "makespan_seconds", ...}, [](const Totals& t) { return t.makespan; });
template <class Totals>
class BoundFigures {
 public:
  using Value = std::function<std::optional<double>(const Totals&)>;
  using Times = std::function<const std::optional<Distribution>&(const Totals&)>;

  void add(world::Figure figure, Value value) {
    figures_.push_back(std::move(figure));
    values_.push_back(std::move(value));
  }

  /// A whole number that every run has, summed over seeds.
  void add_count(world::Figure figure, std::function<std::uint64_t(const Totals&)> count) {
    figure.over = world::Over::sum;
    add(std::move(figure), [count = std::move(count)](const Totals& totals) {
      return std::optional<double>(static_cast<double>(count(totals)));
    });
  }

  /// The four figures of a distribution of seconds, best where they are least; `mean` is the place
  /// of its mean.
  void add_times(world::Figure of, world::Place mean, const Times& times) {
    of.unit = world::Unit::seconds;
    of.best = world::Best::least;
    of.absent = world::Absent::null_object;
    for (const DistributionPart& part : kDistributionParts) {
      world::Figure figure = part_of(of, part);
      if (part.value == &Distribution::mean) figure.place = mean;
      add(std::move(figure),
          [times, &part](const Totals& totals) { return value_of(times(totals), part); });
    }
  }

  /// Without values.
  const std::vector<world::Figure>& declared() const { return figures_; }

  std::vector<world::Figure> of(const Totals& totals) const {
    std::vector<world::Figure> out = figures_;
    for (std::size_t i = 0; i < out.size(); ++i) out[i].value = values_[i](totals);
    return out;
  }

 private:
  std::vector<world::Figure> figures_;
  std::vector<Value> values_;
};

}  // namespace orrery::report
