// TW-1D, TW-2D and the 2:4 groups of TVW.
#include <algorithm>
#include <array>
#include <cmath>

#include "models/sparsity/prune_steps.hpp"
#include "models/sparsity/prune_threshold.hpp"
#include "models/sparsity/two_of_four.hpp"

namespace orrery::models::sparsity {

namespace {

/// A panel before its rows are chosen.
struct OpenPanel {
  std::vector<std::int32_t> columns;
  std::int32_t width = 0;      ///< columns counted with the dropped ones
  std::vector<double> scores;  ///< of each unit of rows
};

/// Panels of `width` of the columns that are kept, left to right; at least one, which has no column
/// where none is kept.
std::vector<OpenPanel> cut(const std::vector<std::uint8_t>& kept_columns, std::int32_t width) {
  std::vector<OpenPanel> panels;
  OpenPanel open;
  for (std::size_t n = 0; n < kept_columns.size(); ++n) {
    ++open.width;
    if (kept_columns[n] != 0) open.columns.push_back(static_cast<std::int32_t>(n));
    if (open.columns.size() == static_cast<std::size_t>(width)) {
      panels.push_back(std::move(open));
      open = {};
    }
  }
  // Dropped columns behind the last survivor widen the last panel, whether it is full or not.
  if (!open.columns.empty() || panels.empty())
    panels.push_back(std::move(open));
  else
    panels.back().width += open.width;
  return panels;
}

/// Norm of each unit of rows over the panel's columns, divided by the width; a unit of r rows is
/// divided by sqrt(r) as well (ours), so that a short last unit competes fairly.
void score(const Scores& layer, std::int32_t row_unit, OpenPanel& panel) {
  for (std::int32_t first = 0; first < layer.rows;) {
    const std::int32_t rows = std::min(row_unit, layer.rows - first);
    double sum = 0;
    for (std::int32_t k = first; k < first + rows; ++k) {
      const float* row = layer.row(k);
      for (const std::int32_t n : panel.columns) sum += static_cast<double>(row[n]) * row[n];
    }
    panel.scores.push_back(std::sqrt(sum) / panel.width / std::sqrt(static_cast<double>(rows)));
    first += rows;
  }
}

PrunedLayer keep_segments(const Scores& layer, std::vector<OpenPanel>& panels,
                          std::int32_t row_unit, double threshold) {
  PrunedLayer pruned{Mask(layer.rows, layer.columns, false), TileLayout{}};
  pruned.layout->rows = layer.rows;
  pruned.layout->columns = layer.columns;
  for (OpenPanel& open : panels) {
    if (open.columns.empty()) continue;
    Panel panel;
    for (std::int32_t k = 0; k < layer.rows; ++k) {
      if (!(open.scores[static_cast<std::size_t>(k / row_unit)] > threshold)) continue;
      panel.rows.push_back(k);
      for (const std::int32_t n : open.columns) pruned.mask.row(k)[n] = 1;
    }
    panel.columns = std::move(open.columns);
    pruned.layout->panels.push_back(std::move(panel));
  }
  return pruned;
}

/// The second step of TW-2D and the only one of TW-1D.
std::vector<PrunedLayer> prune_segments(const std::vector<Scores>& layers,
                                        const std::vector<std::vector<std::uint8_t>>& kept_columns,
                                        double share, const PruneOptions& options) {
  std::vector<std::vector<OpenPanel>> panels;
  std::vector<double> all;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    auto& added = panels.emplace_back(cut(kept_columns[l], options.panel_width));
    for (OpenPanel& panel : added) {
      score(layers[l], options.row_unit, panel);
      all.insert(all.end(), panel.scores.begin(), panel.scores.end());
    }
  }
  const double threshold = prune_threshold(std::move(all), share);
  std::vector<PrunedLayer> pruned;
  for (std::size_t l = 0; l < layers.size(); ++l)
    pruned.push_back(keep_segments(layers[l], panels[l], options.row_unit, threshold));
  return pruned;
}

std::vector<double> column_scores(const Scores& layer) {
  std::vector<double> sums(static_cast<std::size_t>(layer.columns));
  for (std::int32_t k = 0; k < layer.rows; ++k) {
    const float* row = layer.row(k);
    for (std::size_t n = 0; n < sums.size(); ++n) sums[n] += static_cast<double>(row[n]) * row[n];
  }
  for (double& sum : sums) sum = std::sqrt(sum) / layer.rows;
  return sums;
}

/// Prunes all but two of up to four rows in each column of a panel.
void keep_two(const Scores& layer, const Panel& panel, std::size_t first, Mask& mask) {
  const std::size_t count = std::min<std::size_t>(4, panel.rows.size() - first);
  for (const std::int32_t n : panel.columns) {
    std::array<float, 4> group = {-1, -1, -1, -1};  // rows that are not there come last
    for (std::size_t i = 0; i < count; ++i) group[i] = layer.row(panel.rows[first + i])[n];
    const auto [one, other] = largest_two(group);
    for (std::size_t i = 0; i < count; ++i)
      if (static_cast<int>(i) != one && static_cast<int>(i) != other)
        mask.row(panel.rows[first + i])[n] = 0;
  }
}

}  // namespace

std::vector<PrunedLayer> prune_tiles_1d(const std::vector<Scores>& layers, double sparsity,
                                        const PruneOptions& options) {
  std::vector<std::vector<std::uint8_t>> kept_columns;
  for (const Scores& layer : layers)
    kept_columns.emplace_back(static_cast<std::size_t>(layer.columns), std::uint8_t{1});
  return prune_segments(layers, kept_columns, sparsity, options);
}

std::vector<PrunedLayer> prune_tiles_2d(const std::vector<Scores>& layers, double sparsity,
                                        const PruneOptions& options) {
  const double share = 1 - std::sqrt(1 - sparsity);  // of each dimension
  std::vector<std::vector<double>> scores;
  std::vector<double> all;
  for (const Scores& layer : layers) {
    const auto& added = scores.emplace_back(column_scores(layer));
    all.insert(all.end(), added.begin(), added.end());
  }
  const double threshold = prune_threshold(std::move(all), share);
  std::vector<std::vector<std::uint8_t>> kept_columns;
  for (const std::vector<double>& layer : scores) {
    auto& kept = kept_columns.emplace_back();
    for (const double score : layer) kept.push_back(score > threshold ? 1 : 0);
  }
  return prune_segments(layers, kept_columns, share, options);
}

void prune_two_of_four(const std::vector<Scores>& layers, std::vector<PrunedLayer>& pruned) {
  for (std::size_t l = 0; l < layers.size(); ++l) {
    TileLayout& layout = *pruned[l].layout;
    layout.two_of_four = true;
    for (const Panel& panel : layout.panels)
      for (std::size_t first = 0; first < panel.rows.size(); first += 4)
        keep_two(layers[l], panel, first, pruned[l].mask);
  }
}

}  // namespace orrery::models::sparsity
