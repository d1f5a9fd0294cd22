// Layouts and weights that fit no tile, for the tests of every backend.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "models/base/random.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::test {

/// A whole number from `least` to `most`.
inline std::int32_t between(base::RandomStream& random, std::int32_t least, std::int32_t most) {
  const std::int64_t count = std::int64_t{most} - least + 1;
  return least + static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(count)));
}

/// Normal numbers.
inline std::vector<float> random_values(base::RandomStream& random, std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

/// Panels of any width up to `widest` and any depth, none and one included; columns that no panel
/// names.
inline models::sparsity::TileLayout ragged_layout(base::RandomStream& random, std::int32_t rows,
                                                  std::int32_t columns, std::int32_t widest) {
  models::sparsity::TileLayout layout{rows, columns, {}, false};
  std::int32_t column = 0;
  while (column < columns) {
    models::sparsity::Panel panel;
    const std::int32_t width = random.uniform() < 0.3 ? 1 : between(random, 1, widest);
    for (; column < columns && static_cast<std::int32_t>(panel.columns.size()) < width; ++column)
      if (random.uniform() < 0.7) panel.columns.push_back(column);
    if (panel.columns.empty()) break;
    const double share = random.uniform() < 0.2 ? 0.0 : random.uniform();
    for (std::int32_t row = 0; row < rows; ++row)
      if (random.uniform() < share) panel.rows.push_back(row);
    layout.panels.push_back(panel);
  }
  return layout;
}

/// Marks the layout two_of_four and prunes at least two of every four kept rows of every column, at
/// random places.
inline void prune_two_of_four(models::sparsity::TileLayout& layout, std::span<float> weights,
                              base::RandomStream& random) {
  layout.two_of_four = true;
  for (const models::sparsity::Panel& panel : layout.panels)
    for (const std::int32_t column : panel.columns)
      for (std::size_t first = 0; first < panel.rows.size(); first += 4) {
        const std::size_t one = first + random.below(4);
        const std::size_t other = first + random.below(4);
        for (std::size_t i = first; i < std::min(first + 4, panel.rows.size()); ++i)
          if (i != one && i != other)
            weights[static_cast<std::size_t>(panel.rows[i]) *
                        static_cast<std::size_t>(layout.columns) +
                    static_cast<std::size_t>(column)] = 0;
      }
}

}  // namespace orrery::test
