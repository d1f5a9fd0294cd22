#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "models/base/csv.hpp"
#include "models/base/error.hpp"
#include "sim/report/charts/kinds.hpp"
#include "sim/report/report_numbers.hpp"

namespace orrery::report {

using world::Chart;

namespace {

/// Values that hold from an instant to the next, of one run.
struct Steps {
  std::vector<double> times;
  struct Column {
    std::string word;  ///< what the `*` of the declaration stands for, or the column's name
    std::vector<double> values;
  };
  std::vector<Column> columns, limits;
};

/// A declared column's place in a file.
struct Match {
  std::string word;
  std::size_t column = 0;
};

/// All columns that a declaration such as `used_*` means, in the order of the file.
std::vector<Match> matches(const base::CsvReader& csv, const std::string& declared) {
  const std::size_t star = declared.find('*');
  const std::string_view prefix = std::string_view(declared).substr(0, star);
  std::vector<Match> out;
  for (std::size_t c = 0; c < csv.header().size(); ++c) {
    const std::string& name = csv.header()[c];
    if (star == std::string::npos ? name == declared : name.starts_with(prefix))
      out.push_back({star == std::string::npos ? name : name.substr(prefix.size()), c});
  }
  return out;
}

std::vector<Match> all_matches(const base::CsvReader& csv, const std::vector<std::string>& declared,
                               std::size_t first) {
  std::vector<Match> out;
  for (std::size_t i = first; i < declared.size(); ++i)
    for (Match& match : matches(csv, declared[i])) out.push_back(std::move(match));
  return out;
}

/// False where a column is missing. Throws base::Error where times do not ascend.
bool read_step_file(const std::string& path, const Chart& chart, Steps& out) {
  base::CsvReader csv(path);
  const auto time = csv.find_column(chart.columns.at(0));
  const std::vector<Match> values = all_matches(csv, chart.columns, 1);
  const std::vector<Match> limits = all_matches(csv, chart.limits, 0);
  if (!time || values.empty()) return false;
  for (const Match& match : values) out.columns.push_back({match.word, {}});
  for (const Match& match : limits) out.limits.push_back({match.word, {}});
  while (csv.next()) {
    const double at = csv.number(*time);
    if (!out.times.empty() && at < out.times.back())
      throw base::Error(csv.where(*time),
                        "expected times in ascending order, found an earlier one");
    out.times.push_back(at);
    for (std::size_t i = 0; i < values.size(); ++i)
      out.columns[i].values.push_back(csv.number(values[i].column));
    for (std::size_t i = 0; i < limits.size(); ++i)
      out.limits[i].values.push_back(csv.number(limits[i].column));
  }
  return true;
}

/// The instants or intervals that all series of a chart are shown at.
struct Grid {
  std::vector<double> times;
  double end = 0;
  double width = 0;  ///< of an interval; 0: every change is an instant of its own
  bool largest = false;
};

Grid grid_of(const std::vector<Steps>& all, double end, const Chart& chart, std::size_t points) {
  Grid grid;
  for (const Steps& steps : all)
    grid.times.insert(grid.times.end(), steps.times.begin(), steps.times.end());
  std::sort(grid.times.begin(), grid.times.end());
  // Several values at one instant of one run stay: the line goes up and down there.
  if (all.size() > 1)
    grid.times.erase(std::unique(grid.times.begin(), grid.times.end()), grid.times.end());
  const double begin = grid.times.front();
  grid.end = std::max(end, grid.times.back());
  grid.largest = chart.largest;
  if (grid.times.size() <= points || grid.end <= begin) return grid;
  grid.width = (grid.end - begin) / static_cast<double>(points);
  grid.times.clear();
  for (std::size_t bin = 0; bin < points; ++bin)
    grid.times.push_back(begin + static_cast<double>(bin) * grid.width);
  return grid;
}

/// Mean or largest value over each interval of the grid.
std::vector<double> over_intervals(const Steps& steps, const std::vector<double>& values,
                                   const Grid& grid) {
  const std::size_t points = grid.times.size();
  const double begin = grid.times.front();
  std::vector<double> out(points, 0);
  for (std::size_t row = 0; row < steps.times.size(); ++row) {
    const double from = steps.times[row];
    const double to = row + 1 < steps.times.size() ? steps.times[row + 1] : grid.end;
    auto bin = std::min(points - 1, static_cast<std::size_t>((from - begin) / grid.width));
    for (; bin < points; ++bin) {
      const double left = std::max(from, begin + static_cast<double>(bin) * grid.width);
      const double right = std::min(to, begin + static_cast<double>(bin + 1) * grid.width);
      if (left >= to && left > from) break;
      if (grid.largest)
        out[bin] = std::max(out[bin], values[row]);
      else
        out[bin] += values[row] * std::max(0.0, right - left) / grid.width;
    }
  }
  return out;
}

/// The value at each instant of the grid; before the first one 0, as nothing has begun.
std::vector<double> at_instants(const Steps& steps, const std::vector<double>& values,
                                const Grid& grid) {
  if (steps.times.size() == grid.times.size()) return values;
  std::vector<double> out;
  std::size_t next = 0;
  double value = 0;
  for (const double time : grid.times) {
    for (; next < steps.times.size() && steps.times[next] <= time; ++next) value = values[next];
    out.push_back(value);
  }
  return out;
}

Json values_json(const Steps& steps, const std::vector<double>& values, const Grid& grid) {
  const std::vector<double> shown =
      grid.width > 0 ? over_intervals(steps, values, grid) : at_instants(steps, values, grid);
  const bool constant =
      std::ranges::all_of(shown, [&](double value) { return value == shown.front(); });
  if (constant && !shown.empty()) return significant(shown.front(), 4);
  Json out = Json::array();
  for (const double value : shown) out.push_back(significant(value, 4));
  return out;
}

/// `pending_jobs` as `pending jobs`.
std::string words_of(std::string column) {
  std::ranges::replace(column, '_', ' ');
  return column;
}

void put_series(Json& series, const ChartSource& source, const Steps& steps, const Chart& chart,
                const Grid& grid) {
  for (const Steps::Column& column : steps.columns) {
    const bool starred = std::ranges::any_of(
        chart.columns, [](const std::string& name) { return name.find('*') != std::string::npos; });
    std::string name = starred ? column.word : words_of(column.word);
    if (chart.compared)
      name = steps.columns.size() == 1 ? source.policy : fmt::format("{}: {}", source.policy, name);
    Json one{{"name", name}, {"values", values_json(steps, column.values, grid)}};
    const auto limit = std::ranges::find(steps.limits, column.word, &Steps::Column::word);
    if (limit != steps.limits.end()) one["limit"] = values_json(steps, limit->values, grid);
    series.push_back(std::move(one));
  }
}

}  // namespace

bool put_steps(Json& out, const Chart& chart, const std::vector<ChartSource>& sources,
               const ChartLimits& limits) {
  std::vector<Steps> all;
  std::vector<const ChartSource*> shown;
  double end = 0;
  for (const ChartSource& source : sources) {
    Steps steps;
    if (!read_step_file(source.runs.front().path, chart, steps)) return false;
    if (steps.times.empty()) continue;
    end = std::max(end, source.runs.front().end_seconds);
    all.push_back(std::move(steps));
    shown.push_back(&source);
  }
  if (all.empty()) return false;
  const Grid grid = grid_of(all, end, chart, limits.points);
  Json& times = out["time"] = Json::array();
  for (const double time : grid.times) times.push_back(significant(time, grid.width > 0 ? 6 : 9));
  out["end"] = grid.end;
  if (grid.width > 0) out["bin_seconds"] = significant(grid.width, 4);
  if (grid.width > 0) out["bin_value"] = grid.largest ? "largest" : "mean";
  out["stacked"] = chart.stacked;
  Json& series = out["series"] = Json::array();
  for (std::size_t i = 0; i < all.size(); ++i) put_series(series, *shown[i], all[i], chart, grid);
  return true;
}

}  // namespace orrery::report
