#include "sim/report/shown_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/unit_text.hpp"

namespace orrery::report {

namespace {

struct CellText {
  world::Unit unit;
  std::string operator()(std::monostate) const { return "-"; }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const Code& code) const { return code.text; }
  std::string operator()(const Estimate& estimate) const {
    std::string mean = cell_text(unit, estimate.mean);
    if (!estimate.half_width) return mean;
    return fmt::format("{} ± {}", mean, cell_text(unit, *estimate.half_width));
  }
};

/// Characters, not bytes: `±` is one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string aligned_text(const ShownTable& table) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string>& head = lines.emplace_back();
  head.push_back(table.corner);
  for (const ShownColumn& column : table.columns) head.push_back(column.label);
  for (const ShownRow& row : table.rows) {
    std::vector<std::string>& line = lines.emplace_back();
    line.push_back(row.label);
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      line.push_back(std::visit(CellText{table.columns[c].unit}, row.cells[c]));
  }
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], width(line[c]));
  std::string out;
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string padding(widths[c] - width(line[c]), ' ');
      if (c > 0) out += "  ";
      out += c == 0 ? line[c] + padding : padding + line[c];
    }
    out += '\n';
  }
  return out;
}

}  // namespace orrery::report
