// A table as people see it: what the terminal, the page and the documentation draw.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/report/confidence.hpp"
#include "sim/world/figure.hpp"

namespace orrery::report {

/// Text that is set in a fixed width.
struct Code {
  std::string text;
  bool operator==(const Code&) const = default;
};

/// Nothing, a number with or without its interval, a text.
using ShownCell = std::variant<std::monostate, Estimate, std::string, Code>;

struct ShownColumn {
  std::string label;
  world::Unit unit = world::Unit::number;
  world::Best best = world::Best::none;
  bool text = false;
  /// Rows that are best, where the values alone do not say; else those that read as the best one.
  std::optional<std::vector<std::size_t>> best_rows = {};
};

struct ShownRow {
  std::string label = {};                  ///< in the first column; empty: there is none
  std::optional<std::size_t> series = {};  ///< number of the policy, for its colour
  std::vector<ShownCell> cells = {};
};

struct ShownTable {
  std::string key = {};
  std::string title = {};
  std::string help = {};
  std::string corner = {};  ///< head of the column of labels: `policy`
  std::vector<ShownColumn> columns = {};
  std::vector<ShownRow> rows = {};
};

/// Aligned lines for the terminal, head included; neither title nor help.
std::string aligned_text(const ShownTable& table);

}  // namespace orrery::report
