#include "calibrate/kernels/gemm/packed_weights.hpp"

#include <algorithm>
#include <numeric>

namespace orrery::calibrate::gemm {

namespace {

using models::sparsity::Panel;
using models::sparsity::TileLayout;

// Blocks end where one more dense row would give a panel more than kBlockDepth rows.
void cut_blocks(PackedWeights& packed) {
  std::vector<std::size_t> next(packed.panels.size(), 0);
  std::vector<std::int32_t> inside(packed.panels.size(), 0);
  const auto begin_block = [&](std::size_t touched) {
    packed.touched_begin.push_back(static_cast<std::int32_t>(touched));
    for (std::size_t p = 0; p < next.size(); ++p) {
      packed.panels[p].block_begin.push_back(static_cast<std::int32_t>(next[p]));
      inside[p] = 0;
    }
  };
  const auto holds = [&](std::size_t p, std::int32_t row) {
    const std::vector<std::int32_t>& rows = packed.panels[p].rows;
    return next[p] < rows.size() && rows[next[p]] == row;
  };
  begin_block(0);
  for (std::size_t t = 0; t < packed.touched_rows.size(); ++t) {
    const std::int32_t row = packed.touched_rows[t];
    bool full = false;
    for (std::size_t p = 0; p < next.size(); ++p) {
      full = full || (inside[p] == kBlockDepth && holds(p, row));
    }
    if (full) begin_block(t);
    for (std::size_t p = 0; p < next.size(); ++p) {
      if (!holds(p, row)) continue;
      packed.panels[p].touched.push_back(static_cast<std::int32_t>(t));
      ++next[p];
      ++inside[p];
    }
  }
  if (!packed.touched_rows.empty()) begin_block(packed.touched_rows.size());
}

void copy_weights(const PackedPanel& panel, std::span<const float> weights, std::int32_t n,
                  float* to) {
  for (std::size_t first = 0; first < panel.columns.size(); first += kStripColumns) {
    const std::size_t end = std::min(panel.columns.size(), first + kStripColumns);
    for (const std::int32_t row : panel.rows) {
      const float* from = weights.data() + static_cast<std::ptrdiff_t>(row) * n;
      for (std::size_t c = first; c < end; ++c) *to++ = from[panel.columns[c]];
    }
  }
}

}  // namespace

void AlignedFloats::reserve(std::size_t count) {
  const std::size_t lines = (count + 15) / 16;
  if (lines_.size() < lines) lines_ = std::vector<Line>(lines);
}

std::int64_t PackedWeights::storage_bytes() const {
  if (!two_of_four) return 4 * kept_weights;
  std::int64_t groups = 0;
  for (const PackedPanel& panel : panels) {
    groups += static_cast<std::int64_t>((panel.rows.size() + 3) / 4 * panel.columns.size());
  }
  return groups * 8 + (groups * 4 + 7) / 8;
}

PackedWeights pack(const TileLayout& layout, std::span<const float> weights) {
  check(layout, weights);
  PackedWeights packed;
  packed.rows = layout.rows;
  packed.columns = layout.columns;
  packed.two_of_four = layout.two_of_four;

  std::vector<bool> row_used(static_cast<std::size_t>(layout.rows));
  std::vector<bool> column_used(static_cast<std::size_t>(layout.columns));
  std::size_t deepest = 0;
  std::size_t count = 0;
  for (const Panel& panel : layout.panels) {
    if (panel.rows.empty()) continue;
    for (const std::int32_t row : panel.rows) row_used[static_cast<std::size_t>(row)] = true;
    for (const std::int32_t column : panel.columns) {
      column_used[static_cast<std::size_t>(column)] = true;
    }
    PackedPanel& copy = packed.panels.emplace_back();
    copy.columns = panel.columns;
    copy.rows = panel.rows;
    copy.first_weight = count;
    count += panel.rows.size() * panel.columns.size();
    deepest = std::max(deepest, panel.rows.size());
  }
  packed.kept_weights = static_cast<std::int64_t>(count);
  for (std::int32_t row = 0; row < layout.rows; ++row) {
    if (row_used[static_cast<std::size_t>(row)]) packed.touched_rows.push_back(row);
  }
  for (std::int32_t column = 0; column < layout.columns; ++column) {
    if (!column_used[static_cast<std::size_t>(column)]) packed.zero_columns.push_back(column);
  }
  packed.counting.resize(deepest);
  std::iota(packed.counting.begin(), packed.counting.end(), 0);
  cut_blocks(packed);

  packed.weights.reserve(count);
  for (const PackedPanel& panel : packed.panels) {
    copy_weights(panel, weights, layout.columns, packed.weights.data() + panel.first_weight);
  }
  return packed;
}

}  // namespace orrery::calibrate::gemm
