#include "models/sparsity/mask_propagation.hpp"

#include <algorithm>
#include <stdexcept>

namespace orrery::models::sparsity {

std::vector<std::uint8_t> live_outputs(const TileLayout& layout) {
  std::vector<std::uint8_t> live(static_cast<std::size_t>(layout.columns));
  for (const Panel& panel : layout.panels)
    if (!panel.rows.empty())
      for (const std::int32_t n : panel.columns) live[static_cast<std::size_t>(n)] = 1;
  return live;
}

TileLayout drop_dead_rows(const TileLayout& next, const std::vector<std::uint8_t>& live_inputs) {
  if (live_inputs.empty() || static_cast<std::size_t>(next.rows) % live_inputs.size() != 0)
    throw std::invalid_argument("the next layer's rows are not a multiple of this layer's outputs");
  const auto lives = [&](std::int32_t k) {
    return live_inputs[static_cast<std::size_t>(k) % live_inputs.size()] != 0;
  };
  const std::size_t unit = next.two_of_four ? 4 : 1;
  TileLayout layout = next;
  for (Panel& panel : layout.panels) {
    std::vector<std::int32_t> rows;
    for (std::size_t first = 0; first < panel.rows.size(); first += unit) {
      const auto begin = panel.rows.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = panel.rows.begin() +
                       static_cast<std::ptrdiff_t>(std::min(first + unit, panel.rows.size()));
      if (std::any_of(begin, end, lives)) rows.insert(rows.end(), begin, end);
    }
    panel.rows = std::move(rows);
  }
  return layout;
}

}  // namespace orrery::models::sparsity
