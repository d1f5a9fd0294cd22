#include "models/sparsity/compaction.hpp"

#include <cassert>

#include "models/sparsity/row_major.hpp"

namespace orrery::models::sparsity {

namespace {

std::vector<std::int32_t> kept_rows(const Mask& mask, std::int32_t column) {
  std::vector<std::int32_t> rows;
  for (std::int32_t k = 0; k < mask.rows; ++k)
    if (mask.row(k)[column] != 0) rows.push_back(k);
  return rows;
}

}  // namespace

TileLayout layout_of(const Mask& mask, std::int32_t panel_width) {
  TileLayout layout;
  layout.rows = mask.rows;
  layout.columns = mask.columns;
  for (std::int32_t n = 0; n < mask.columns; ++n) {
    std::vector<std::int32_t> rows = kept_rows(mask, n);
    if (rows.empty()) continue;
    const bool joins =
        !layout.panels.empty() &&
        layout.panels.back().columns.size() < static_cast<std::size_t>(panel_width) &&
        layout.panels.back().rows == rows;
    if (!joins) layout.panels.push_back({std::move(rows), {}});
    layout.panels.back().columns.push_back(n);
  }
  return layout;
}

Mask mask_of(const TileLayout& layout) {
  Mask mask(layout.rows, layout.columns, false);
  for (const Panel& panel : layout.panels)
    for (const std::int32_t k : panel.rows)
      for (const std::int32_t n : panel.columns) mask.row(k)[n] = 1;
  return mask;
}

std::vector<float> compact(const TileLayout& layout, const Panel& panel,
                           std::span<const float> weights, const Mask* mask) {
  assert(weights.size() == row_major(layout.rows, 0, layout.columns));
  std::vector<float> values;
  values.reserve(panel.rows.size() * panel.columns.size());
  for (const std::int32_t k : panel.rows)
    for (const std::int32_t n : panel.columns)
      values.push_back(mask == nullptr || mask->row(k)[n] != 0
                           ? weights[row_major(k, n, layout.columns)]
                           : 0.0F);
  return values;
}

}  // namespace orrery::models::sparsity
