#include "models/sparsity/tile_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "models/base/error.hpp"
#include "models/sparsity/two_of_four.hpp"

namespace orrery::models::sparsity {

namespace {

[[noreturn]] void refuse(std::string sentence) {
  throw base::Error({.file = {}, .key = "tile layout"}, std::move(sentence));
}

void check_ascending(const std::vector<std::int32_t>& indices, std::int32_t end, const char* what,
                     std::size_t panel) {
  std::int32_t least = 0;
  for (const std::int32_t index : indices) {
    if (index < least || index >= end)
      refuse(fmt::format("panel {} names {} {}, expected ascending ones below {}", panel, what,
                         index, end));
    least = index + 1;
  }
}

void check_groups(const TileLayout& layout, std::span<const float> weights) {
  for (std::size_t p = 0; p < layout.panels.size(); ++p) {
    const std::vector<std::int32_t>& rows = layout.panels[p].rows;
    for (std::size_t first = 0; first < rows.size(); first += 4) {
      const std::size_t count = std::min<std::size_t>(4, rows.size() - first);
      for (const std::int32_t n : layout.panels[p].columns) {
        std::array<float, 4> group{};
        for (std::size_t i = 0; i < count; ++i)
          group[i] = weights[static_cast<std::size_t>(rows[first + i]) *
                                 static_cast<std::size_t>(layout.columns) +
                             static_cast<std::size_t>(n)];
        if (!is_two_of_four(group))
          refuse(
              fmt::format("panel {} has more than two weights that are not zero in column {} of "
                          "the four kept rows from row {}, expected at most two",
                          p, n, rows[first]));
      }
    }
  }
}

}  // namespace

void check(const TileLayout& layout) {
  if (layout.rows < 0 || layout.columns < 0)
    refuse(fmt::format("has the size {} x {}, expected none below 0", layout.rows, layout.columns));
  std::int32_t last = -1;
  for (std::size_t p = 0; p < layout.panels.size(); ++p) {
    const Panel& panel = layout.panels[p];
    check_ascending(panel.rows, layout.rows, "row", p);
    check_ascending(panel.columns, layout.columns, "column", p);
    if (panel.columns.empty()) refuse(fmt::format("panel {} has no column", p));
    if (panel.columns.front() <= last)
      refuse(
          fmt::format("panel {} begins with column {}, expected one behind column {}, the last "
                      "of the panel before it",
                      p, panel.columns.front(), last));
    last = panel.columns.back();
  }
}

void check(const TileLayout& layout, std::span<const float> weights) {
  check(layout);
  if (weights.size() !=
      static_cast<std::size_t>(layout.rows) * static_cast<std::size_t>(layout.columns))
    refuse(fmt::format("found {} weights, expected its {} x {}", weights.size(), layout.rows,
                       layout.columns));
  if (layout.two_of_four) check_groups(layout, weights);
}

}  // namespace orrery::models::sparsity
