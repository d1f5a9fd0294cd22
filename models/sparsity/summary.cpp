#include "models/sparsity/summary.hpp"

#include <algorithm>

namespace orrery::models::sparsity {

namespace {

constexpr double kValueBytes = 2;
constexpr double kIndexBytes = 4;

double panel_bytes(const Panel& panel, const PruneOptions& options) {
  const auto rows = static_cast<double>(panel.rows.size());
  const auto columns = static_cast<double>(panel.columns.size());
  if (options.pattern == Pattern::bw) {
    const auto size = static_cast<std::size_t>(options.block_size);
    const auto blocks = (panel.rows.size() + size - 1) / size;
    return kValueBytes * rows * columns + kIndexBytes * static_cast<double>(blocks);
  }
  const double table = kIndexBytes * (rows + columns);
  if (options.pattern != Pattern::tvw) return kValueBytes * rows * columns + table;
  const std::size_t whole_groups = (panel.rows.size() + 3) / 4;
  const auto groups = static_cast<double>(whole_groups);
  return (2 * kValueBytes + 0.5) * groups * columns + table;
}

double csr_bytes(std::size_t kept, std::int32_t rows) {
  return (kValueBytes + kIndexBytes) * static_cast<double>(kept) + kIndexBytes * (rows + 1.0);
}

std::size_t kept_columns(const Mask& mask) {
  std::vector<std::uint8_t> seen(static_cast<std::size_t>(mask.columns));
  for (std::int32_t k = 0; k < mask.rows; ++k)
    for (std::size_t n = 0; n < seen.size(); ++n) seen[n] |= mask.row(k)[n];
  return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), std::uint8_t{1}));
}

void add_panels(const TileLayout& layout, Summary& summary) {
  for (const Panel& panel : layout.panels) {
    const auto rows = static_cast<std::int32_t>(panel.rows.size());
    summary.least_rows = summary.panels == 0 ? rows : std::min(summary.least_rows, rows);
    summary.most_rows = std::max(summary.most_rows, rows);
    summary.sum_rows += rows;
    ++summary.panels;
  }
}

double bytes_of(const PrunedLayer& pruned, std::size_t kept, const PruneOptions& options) {
  if (options.pattern == Pattern::vw) return (kValueBytes + 0.5) * static_cast<double>(kept);
  if (!pruned.layout) return csr_bytes(kept, pruned.mask.rows);
  double bytes = 0;
  std::size_t covered = 0;
  for (const Panel& panel : pruned.layout->panels) {
    bytes += panel_bytes(panel, options);
    covered += panel.rows.size() * panel.columns.size();
  }
  if (kept > covered) bytes += csr_bytes(kept - covered, pruned.mask.rows);
  return bytes;
}

}  // namespace

double Summary::sparsity() const {
  return elements == 0 ? 0 : 1 - static_cast<double>(kept) / static_cast<double>(elements);
}

double Summary::mean_rows() const {
  return panels == 0 ? 0 : sum_rows / static_cast<double>(panels);
}

double Summary::imbalance() const {
  return sum_rows > 0 ? most_rows / mean_rows() : 1;
}

Summary summarize(const Scores& scores, const PrunedLayer& pruned, const PruneOptions& options) {
  Summary summary;
  summary.elements = pruned.mask.kept.size();
  summary.kept = kept_count(pruned.mask);
  summary.mass = score_mass(scores, pruned.mask);
  summary.columns = static_cast<std::size_t>(pruned.mask.columns);
  summary.kept_columns = kept_columns(pruned.mask);
  if (pruned.layout) add_panels(*pruned.layout, summary);
  summary.dense_bytes = kValueBytes * static_cast<double>(summary.elements);
  summary.bytes = bytes_of(pruned, summary.kept, options);
  return summary;
}

Summary sum_of(const std::vector<Summary>& layers) {
  Summary sum;
  for (const Summary& layer : layers) {
    sum.elements += layer.elements;
    sum.kept += layer.kept;
    sum.mass.kept += layer.mass.kept;
    sum.mass.total += layer.mass.total;
    sum.columns += layer.columns;
    sum.kept_columns += layer.kept_columns;
    if (layer.panels > 0)
      sum.least_rows =
          sum.panels == 0 ? layer.least_rows : std::min(sum.least_rows, layer.least_rows);
    sum.most_rows = std::max(sum.most_rows, layer.most_rows);
    sum.panels += layer.panels;
    sum.sum_rows += layer.sum_rows;
    sum.dense_bytes += layer.dense_bytes;
    sum.bytes += layer.bytes;
  }
  return sum;
}

}  // namespace orrery::models::sparsity
