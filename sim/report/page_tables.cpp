#include "sim/report/page_tables.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "sim/report/capitalised.hpp"
#include "sim/report/charts/chart_data.hpp"

namespace orrery::report {

using world::Cell;
using world::Section;
using world::Table;

namespace {

struct ShownCellJson {
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(const Code& code) const { return {{"code", code.text}}; }
  Json operator()(const Estimate& estimate) const {
    if (!estimate.half_width) return estimate.mean;
    return Json::array({estimate.mean, *estimate.half_width});
  }
};

struct BasisCell {
  ShownCell operator()(std::monostate) const { return {}; }
  ShownCell operator()(bool flag) const { return std::string(flag ? "yes" : "no"); }
  ShownCell operator()(double value) const { return Estimate{value, std::nullopt}; }
  ShownCell operator()(const std::string& text) const {
    return text.empty() ? ShownCell() : ShownCell(text);
  }
};

bool is_text(const Cell& cell) {
  return std::holds_alternative<bool>(cell) || std::holds_alternative<std::string>(cell);
}

ShownTable basis_table(const Table& declared, const std::vector<std::vector<Cell>>& rows) {
  ShownTable out{.key = declared.key, .title = declared.title};
  out.rows.resize(rows.size());
  for (std::size_t c = 0; c < declared.columns.size(); ++c) {
    const Table::Column& column = declared.columns[c];
    if (column.label.empty()) continue;
    const bool text = std::ranges::any_of(rows, [&](const auto& row) { return is_text(row[c]); });
    out.columns.push_back({.label = column.label, .unit = column.unit, .text = text});
    for (std::size_t r = 0; r < rows.size(); ++r)
      out.rows[r].cells.push_back(std::visit(BasisCell{}, rows[r][c]));
  }
  return out;
}

}  // namespace

Json table_json(const ShownTable& table) {
  Json out{
      {"key", table.key}, {"title", table.title}, {"help", table.help}, {"head", table.corner}};
  Json& columns = out["columns"] = Json::array();
  for (const ShownColumn& column : table.columns) {
    columns.push_back({{"label", column.label},
                       {"unit", to_string(column.unit)},
                       {"best", to_string(column.best)},
                       {"text", column.text}});
    if (column.best_rows) columns.back()["best_rows"] = *column.best_rows;
  }
  Json& rows = out["rows"] = Json::array();
  for (const ShownRow& row : table.rows) {
    Json one = Json::object();
    if (!row.label.empty()) one["label"] = row.label;
    if (row.series) one["series"] = *row.series;
    Json& cells = one["cells"] = Json::array();
    for (const ShownCell& cell : row.cells) cells.push_back(std::visit(ShownCellJson{}, cell));
    rows.push_back(std::move(one));
  }
  return out;
}

ShownTable runs_table(const std::vector<PolicyGroup>& policies) {
  ShownTable out{.key = "runs",
                 .title = "Runs",
                 .help = "The same run id gives the same results, byte for byte.",
                 .corner = "policy",
                 .columns = {{.label = "seed", .text = true},
                             {.label = "run id", .text = true},
                             {.label = "directory", .text = true}}};
  for (const PolicyGroup& policy : policies)
    for (const ComparedRun* run : policy.runs) {
      ShownRow& row = out.rows.emplace_back();
      row.label = policy.policy;
      row.cells = {std::to_string(run->summary.seed), Code{run->summary.run_id},
                   Code{run->directory.empty() ? "." : run->directory}};
    }
  return out;
}

Json basis_tables(const Comparison& comparison, std::size_t world) {
  Json out = Json::array();
  const Section& first = *comparison.runs.front().worlds[world].declared;
  for (std::size_t t = 0; t < first.tables.size(); ++t) {
    std::vector<std::vector<Cell>> rows;
    std::set<std::vector<Cell>> known;
    for (const ComparedRun& run : comparison.runs)
      for (const std::vector<Cell>& row : run.worlds[world].tables[t])
        if (known.insert(row).second) rows.push_back(row);
    if (!rows.empty()) out.push_back(table_json(basis_table(first.tables[t], rows)));
  }
  return out;
}

Json setup_json(const base::Node& document) {
  Json out = Json::array();
  for (const base::Entry& entry : document.entries) {
    if (entry.value.kind == base::Node::Kind::scalar) continue;
    out.push_back({{"title", capitalised(entry.key)}, {"text", base::to_yaml(entry.value)}});
  }
  return out;
}

}  // namespace orrery::report
