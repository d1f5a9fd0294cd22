#include "calibrate/kernels/gemm/layouts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/base/random.hpp"

namespace orrery::calibrate::gemm {

namespace {

using models::sparsity::Panel;
using models::sparsity::TileLayout;

std::vector<std::int32_t> counted(std::int32_t begin, std::int32_t end) {
  std::vector<std::int32_t> all(static_cast<std::size_t>(end - begin));
  std::iota(all.begin(), all.end(), begin);
  return all;
}

// `count` of 0 to bound - 1, ascending, each set equally likely.
std::vector<std::int32_t> drawn(std::int32_t bound, std::int32_t count,
                                base::RandomStream& random) {
  std::vector<std::int32_t> chosen;
  for (std::int32_t i = 0; i < bound; ++i) {
    const auto wanted = static_cast<std::uint64_t>(count) - chosen.size();
    if (random.below(static_cast<std::uint64_t>(bound - i)) < wanted) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace

TileLayout dense_layout(std::int32_t rows, std::int32_t columns) {
  constexpr std::int32_t width = kDensePanelColumns;
  TileLayout layout{rows, columns, {}, false};
  for (std::int32_t first = 0; first < columns; first += width) {
    layout.panels.push_back({counted(0, rows), counted(first, std::min(columns, first + width))});
  }
  return layout;
}

TileLayout element_layout(std::int32_t rows, std::int32_t columns, const std::vector<bool>& kept) {
  TileLayout layout{rows, columns, {}, false};
  for (std::int32_t column = 0; column < columns; ++column) {
    Panel panel{{}, {column}};
    for (std::int32_t row = 0; row < rows; ++row) {
      const std::int64_t at = std::int64_t{row} * columns + column;
      if (kept[static_cast<std::size_t>(at)]) panel.rows.push_back(row);
    }
    if (!panel.rows.empty()) layout.panels.push_back(std::move(panel));
  }
  return layout;
}

TileLayout block_layout(std::int32_t rows, std::int32_t columns, std::int32_t block,
                        const std::vector<bool>& kept) {
  TileLayout layout{rows, columns, {}, false};
  const std::int32_t across = (columns + block - 1) / block;
  for (std::int32_t b = 0; b < across; ++b) {
    Panel panel{{}, counted(b * block, std::min(columns, (b + 1) * block))};
    for (std::int32_t row = 0; row < rows; ++row) {
      const std::int64_t at = std::int64_t{row / block} * across + b;
      if (kept[static_cast<std::size_t>(at)]) panel.rows.push_back(row);
    }
    if (!panel.rows.empty()) layout.panels.push_back(std::move(panel));
  }
  return layout;
}

TileLayout random_tile_layout(std::int32_t rows, std::int32_t columns, double sparsity,
                              std::int32_t width, std::uint64_t seed) {
  base::RandomStream random(seed, "random tile plan");
  const double share = std::sqrt(1.0 - sparsity);
  const auto kept_rows = static_cast<std::int32_t>(std::lround(share * rows));
  const auto kept_columns = static_cast<std::int32_t>(std::lround(share * columns));
  const std::vector<std::int32_t> survivors = drawn(columns, kept_columns, random);
  TileLayout layout{rows, columns, {}, false};
  for (std::int32_t first = 0; first < kept_columns; first += width) {
    const std::int32_t end = std::min(kept_columns, first + width);
    layout.panels.push_back(
        {drawn(rows, kept_rows, random), {survivors.begin() + first, survivors.begin() + end}});
  }
  return layout;
}

}  // namespace orrery::calibrate::gemm
