// Bars, heat maps and scatter plots: charts whose rows are what they show.
#include <algorithm>
#include <utility>

#include "models/base/csv.hpp"
#include "models/base/numbers.hpp"
#include "sim/report/charts/kinds.hpp"
#include "sim/report/charts/row_filter.hpp"
#include "sim/report/confidence.hpp"
#include "sim/report/report_numbers.hpp"

namespace orrery::report {

using world::Chart;

namespace {

/// Texts in order of first appearance.
class Labels {
 public:
  std::size_t number_of(std::string_view text) {
    const auto found = std::ranges::find(list_, text);
    if (found != list_.end()) return static_cast<std::size_t>(found - list_.begin());
    list_.emplace_back(text);
    return list_.size() - 1;
  }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::vector<std::string> list_;
};

/// The places of the declared columns; nothing where one is missing.
std::optional<std::vector<std::size_t>> places(const base::CsvReader& csv, const Chart& chart) {
  std::vector<std::size_t> out;
  for (const std::string& name : chart.columns) {
    const auto column = csv.find_column(name);
    if (!column) return std::nullopt;
    out.push_back(*column);
  }
  if (!RowFilter(csv, chart).known()) return std::nullopt;
  return out;
}

/// Calls `visit` with each row that counts; false where a column is missing.
template <class Visit>
bool for_each_row(const std::string& path, const Chart& chart, const Visit& visit) {
  base::CsvReader csv(path);
  const auto columns = places(csv, chart);
  if (!columns) return false;
  const RowFilter filter(csv, chart);
  while (csv.next())
    if (filter.keeps(csv)) visit(csv, *columns);
  return true;
}

Json bar_json(const std::vector<double>& seeds) {
  if (seeds.empty()) return nullptr;
  const Estimate over = estimate(seeds);
  if (!over.half_width) return significant(over.mean, 6);
  return Json::array({significant(over.mean, 6), significant(*over.half_width, 3)});
}

}  // namespace

bool put_bars(Json& out, const Chart& chart, const std::vector<ChartSource>& sources) {
  Labels labels;
  std::vector<std::vector<std::vector<double>>> values;  // by source and label: one a seed
  for (const ChartSource& source : sources) {
    auto& of_source = values.emplace_back();
    for (const ChartRun& run : source.runs) {
      const auto add = [&](const base::CsvReader& csv, const std::vector<std::size_t>& columns) {
        const std::size_t label = labels.number_of(csv[columns[0]]);
        if (of_source.size() <= label) of_source.resize(label + 1);
        of_source[label].push_back(csv.number(columns[1]));
      };
      if (!for_each_row(run.path, chart, add)) return false;
    }
  }
  out["labels"] = labels.list();
  Json& series = out["series"] = Json::array();
  for (std::size_t s = 0; s < sources.size(); ++s) {
    Json bars = Json::array();
    values[s].resize(labels.list().size());
    for (const std::vector<double>& seeds : values[s]) bars.push_back(bar_json(seeds));
    series.push_back({{"name", sources[s].policy}, {"values", std::move(bars)}});
  }
  return true;
}

bool put_heat(Json& out, const Chart& chart, const std::vector<ChartSource>& sources) {
  Labels rows;
  Labels columns;
  struct Cell {
    std::size_t row, column;
    double value;
  };
  std::vector<Cell> cells;
  const auto add = [&](const base::CsvReader& csv, const std::vector<std::size_t>& at) {
    if (csv[at[2]].empty()) return;
    cells.push_back({rows.number_of(csv[at[0]]), columns.number_of(csv[at[1]]), csv.number(at[2])});
  };
  if (!for_each_row(sources.front().runs.front().path, chart, add)) return false;
  Json values(rows.list().size(), Json(columns.list().size(), nullptr));
  for (const Cell& cell : cells) values[cell.row][cell.column] = significant(cell.value, 5);
  out["rows"] = rows.list();
  out["columns"] = columns.list();
  out["values"] = std::move(values);
  return true;
}

bool put_scatter(Json& out, const Chart& chart, const std::vector<ChartSource>& sources,
                 const ChartLimits& limits) {
  Json& series = out["series"] = Json::array();
  for (const ChartSource& source : sources) {
    std::vector<std::pair<double, double>> points;
    std::vector<std::string> labels;
    const auto add = [&](const base::CsvReader& csv, const std::vector<std::size_t>& at) {
      if (csv[at[0]].empty() || csv[at[1]].empty()) return;
      points.emplace_back(csv.number(at[0]), csv.number(at[1]));
      if (at.size() > 2) labels.emplace_back(csv[at[2]]);
    };
    if (!for_each_row(source.runs.front().path, chart, add)) return false;
    Json one{{"name", source.policy}, {"points", Json::array()}};
    // At equal steps through the file, where there are more than a picture can show.
    const std::size_t shown = std::min(points.size(), limits.marks);
    for (std::size_t i = 0; i < shown; ++i) {
      const std::size_t row = i * points.size() / shown;
      one["points"].push_back(
          Json::array({significant(points[row].first, 5), significant(points[row].second, 5)}));
      if (!labels.empty()) one["labels"].push_back(labels[row]);
    }
    if (shown < points.size()) one["of"] = points.size();
    series.push_back(std::move(one));
  }
  return true;
}

}  // namespace orrery::report
