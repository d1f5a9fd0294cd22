#include "tests/models/sparsity/naive_patterns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/base/random.hpp"
#include "models/base/statistics.hpp"
#include "models/sparsity/score_field.hpp"

namespace orrery::models::sparsity {

namespace {

using Values = std::vector<double>;
using Indices = std::vector<std::int32_t>;

/// Minus infinity for a share of 0, which prunes nothing.
double threshold_of(const Values& values, double share) {
  if (share <= 0) return -std::numeric_limits<double>::infinity();
  return base::quantile(values, share);
}

double norm(const Scores& layer, const Indices& rows, const Indices& columns) {
  double sum = 0;
  for (const auto k : rows)
    for (const auto n : columns) sum += std::pow(static_cast<double>(layer.row(k)[n]), 2);
  return std::sqrt(sum);
}

Indices range(std::int32_t begin, std::int32_t end) {
  Indices indices;
  for (std::int32_t i = begin; i < end; ++i) indices.push_back(i);
  return indices;
}

/// Rows and columns that live or die together, and the score by which they are ranked.
struct Unit {
  std::size_t layer;
  Indices rows;
  Indices columns;
  double score;
};

void keep_above(const std::vector<Unit>& units, double share, std::vector<Mask>& masks) {
  Values scores;
  for (const Unit& unit : units) scores.push_back(unit.score);
  const double threshold = threshold_of(scores, share);
  for (const Unit& unit : units)
    if (unit.score > threshold)
      for (const auto k : unit.rows)
        for (const auto n : unit.columns) masks[unit.layer].row(k)[n] = 1;
}

std::vector<Mask> empty_masks(const std::vector<Scores>& layers) {
  std::vector<Mask> masks;
  for (const Scores& layer : layers) masks.emplace_back(layer.rows, layer.columns, false);
  return masks;
}

std::vector<Unit> blocks(const std::vector<Scores>& layers, std::int32_t size) {
  std::vector<Unit> units;
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (std::int32_t k = 0; k < layers[l].rows; k += size)
      for (std::int32_t n = 0; n < layers[l].columns; n += size) {
        Unit unit{l, range(k, std::min(k + size, layers[l].rows)),
                  range(n, std::min(n + size, layers[l].columns)), 0};
        unit.score = norm(layers[l], unit.rows, unit.columns);
        units.push_back(unit);
      }
  return units;
}

void vectors(const std::vector<Scores>& layers, const PruneOptions& options,
             std::vector<Mask>& masks) {
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (std::int32_t n = 0; n < layers[l].columns; ++n)
      for (std::int32_t k = 0; k < layers[l].rows; k += options.vector_length) {
        Indices rows = range(k, std::min(k + options.vector_length, layers[l].rows));
        const auto keep = static_cast<std::size_t>(
            std::floor((1 - options.sparsity) * static_cast<double>(rows.size()) + 1e-9));
        std::stable_sort(rows.begin(), rows.end(),
                         [&](auto a, auto b) { return layers[l].row(a)[n] > layers[l].row(b)[n]; });
        for (std::size_t i = 0; i < keep; ++i) masks[l].row(rows[i])[n] = 1;
      }
}

/// The surviving columns of each layer at a share of columns to drop.
std::vector<Indices> surviving_columns(const std::vector<Scores>& layers, double share) {
  Values scores;
  for (const Scores& layer : layers)
    for (std::int32_t n = 0; n < layer.columns; ++n)
      scores.push_back(norm(layer, range(0, layer.rows), {n}) / layer.rows);
  const double threshold = threshold_of(scores, share);
  std::vector<Indices> survivors(layers.size());
  std::size_t next = 0;
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (std::int32_t n = 0; n < layers[l].columns; ++n)
      if (scores[next++] > threshold) survivors[l].push_back(n);
  return survivors;
}

std::vector<Unit> segments(const std::vector<Scores>& layers, const std::vector<Indices>& survivors,
                           const PruneOptions& options) {
  std::vector<Unit> units;
  const auto width = static_cast<std::size_t>(options.panel_width);
  for (std::size_t l = 0; l < layers.size(); ++l) {
    std::int32_t left = 0;
    std::size_t i = 0;
    do {
      const std::size_t end = std::min(i + width, survivors[l].size());
      const Indices columns(survivors[l].begin() + static_cast<std::ptrdiff_t>(i),
                            survivors[l].begin() + static_cast<std::ptrdiff_t>(end));
      const std::int32_t right =
          end == survivors[l].size() ? layers[l].columns : columns.back() + 1;
      for (std::int32_t k = 0; k < layers[l].rows; k += options.row_unit) {
        Unit unit{l, range(k, std::min(k + options.row_unit, layers[l].rows)), columns, 0};
        unit.score = norm(layers[l], unit.rows, columns) / (right - left) /
                     std::sqrt(static_cast<double>(unit.rows.size()));
        units.push_back(unit);
      }
      left = right;
      i = end;
    } while (i < survivors[l].size());
  }
  return units;
}

void two_of_four(const std::vector<Scores>& layers, const std::vector<Indices>& survivors,
                 std::vector<Mask>& masks) {
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (const auto n : survivors[l]) {
      // All columns of a panel have the same rows, so a column's own are its panel's.
      Indices rows;
      for (std::int32_t k = 0; k < masks[l].rows; ++k)
        if (masks[l].row(k)[n] != 0) rows.push_back(k);
      for (std::size_t i = 0; i < rows.size(); i += 4) {
        Indices group(rows.begin() + static_cast<std::ptrdiff_t>(i),
                      rows.begin() + static_cast<std::ptrdiff_t>(std::min(i + 4, rows.size())));
        std::stable_sort(group.begin(), group.end(),
                         [&](auto a, auto b) { return layers[l].row(a)[n] > layers[l].row(b)[n]; });
        for (std::size_t j = 2; j < group.size(); ++j) masks[l].row(group[j])[n] = 0;
      }
    }
}

void tiles(const std::vector<Scores>& layers, double sparsity, bool one_dimension,
           const PruneOptions& options, std::vector<Mask>& masks) {
  const double share = one_dimension ? sparsity : 1 - std::sqrt(1 - sparsity);
  const auto survivors = surviving_columns(layers, one_dimension ? 0 : share);
  keep_above(segments(layers, survivors, options), share, masks);
  if (options.pattern == Pattern::tvw) two_of_four(layers, survivors, masks);
}

void overlay(const std::vector<Scores>& layers, double share, std::vector<Mask>& masks) {
  Values scores;
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (std::size_t i = 0; i < layers[l].values.size(); ++i)
      scores.push_back(masks[l].kept[i] != 0 ? -1 : static_cast<double>(layers[l].values[i]));
  const double threshold = threshold_of(scores, 1 - share);
  std::size_t next = 0;
  for (Mask& mask : masks)
    for (auto& kept : mask.kept) kept = scores[next++] > threshold || kept != 0 ? 1 : 0;
}

}  // namespace

std::vector<Mask> naive_masks(const std::vector<Scores>& layers, const PruneOptions& options) {
  std::vector<Mask> masks = empty_masks(layers);
  const double s = options.sparsity;
  switch (options.pattern) {
    case Pattern::ew:
      keep_above(blocks(layers, 1), s, masks);
      break;
    case Pattern::vw:
      vectors(layers, options, masks);
      break;
    case Pattern::bw:
      keep_above(blocks(layers, options.block_size), s, masks);
      break;
    case Pattern::tw1:
    case Pattern::tw2:
      tiles(layers, s, options.pattern == Pattern::tw1, options, masks);
      break;
    case Pattern::tw1m:
      tiles(layers, s + 0.05, true, options, masks);
      overlay(layers, 0.05, masks);
      break;
    case Pattern::tw2m:
      tiles(layers, s + 0.01, false, options, masks);
      overlay(layers, 0.01, masks);
      break;
    case Pattern::tvw:
      tiles(layers, 1 - 2 * (1 - s), false, options, masks);
      break;
  }
  return masks;
}

std::vector<Scores> random_layers(std::uint64_t seed) {
  base::RandomStream random(seed, "shapes");
  std::vector<LayerShape> shapes;
  const auto count = 2 + random.below(3);
  for (std::uint64_t l = 0; l < count; ++l)
    shapes.push_back({std::to_string(l), static_cast<std::int32_t>(20 + random.below(70)),
                      static_cast<std::int32_t>(20 + random.below(90))});
  return score_field(shapes, seed, 0.4);
}

}  // namespace orrery::models::sparsity
