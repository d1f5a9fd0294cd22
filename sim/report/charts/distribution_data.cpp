#include <algorithm>

#include "models/base/csv.hpp"
#include "models/base/statistics.hpp"
#include "sim/report/charts/kinds.hpp"
#include "sim/report/charts/row_filter.hpp"
#include "sim/report/report_numbers.hpp"

namespace orrery::report {

using world::Chart;

namespace {

/// Appends the values of one run; false where a column is missing.
bool read_values(const std::string& path, const Chart& chart, std::vector<double>& out) {
  base::CsvReader csv(path);
  const auto value = csv.find_column(chart.columns.at(0));
  const auto from = chart.columns.size() > 1 ? csv.find_column(chart.columns[1]) : value;
  const RowFilter filter(csv, chart);
  if (!value || !from || !filter.known()) return false;
  while (csv.next()) {
    if (!filter.keeps(csv) || csv[*value].empty() || csv[*from].empty()) continue;
    out.push_back(csv.number(*value) - (from == value ? 0 : csv.number(*from)));
  }
  return true;
}

Json quantiles_json(std::vector<double>& values, std::size_t most) {
  Json out = Json::array();
  if (values.empty()) return out;
  std::sort(values.begin(), values.end());
  const std::size_t points = std::min(values.size(), most);
  for (std::size_t i = 0; i < points; ++i) {
    const double p = points == 1 ? 0 : static_cast<double>(i) / static_cast<double>(points - 1);
    out.push_back(significant(base::sorted_quantile(values, p), 5));
  }
  return out;
}

}  // namespace

bool put_distribution(Json& out, const Chart& chart, const std::vector<ChartSource>& sources,
                      const ChartLimits& limits) {
  Json& series = out["series"] = Json::array();
  for (const ChartSource& source : sources) {
    std::vector<double> values;
    double of = 0;
    bool all_known = !source.runs.empty();
    for (const ChartRun& run : source.runs) {
      if (!read_values(run.path, chart, values)) return false;
      all_known = all_known && run.of.has_value();
      of += run.of.value_or(0);
    }
    const std::size_t n = values.size();
    series.push_back({{"name", source.policy},
                      {"values", quantiles_json(values, limits.quantiles)},
                      {"n", n},
                      {"of", all_known ? static_cast<std::size_t>(of) : n}});
  }
  return true;
}

}  // namespace orrery::report
