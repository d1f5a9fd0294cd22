#include "sim/worlds/training/page/timeline_data.hpp"

#include <algorithm>

#include "models/base/csv.hpp"
#include "sim/report/report_numbers.hpp"
#include "sim/worlds/training/records/run_files.hpp"

namespace orrery::report {

namespace {

/// A column of timeline.csv; `peak` keeps the largest value of an interval instead of its mean.
struct Column {
  std::string name;
  bool peak = false;
  std::vector<double> values;
};

struct Timeline {
  std::vector<double> times;
  std::vector<Column> columns;  // all but the time
};

Timeline read_timeline(const std::string& path) {
  base::CsvReader csv(path);
  const std::size_t time = csv.column("time_seconds");
  csv.column("pending_jobs");
  Timeline out;
  std::vector<std::size_t> indices;
  for (std::size_t c = 0; c < csv.header().size(); ++c) {
    if (c == time) continue;
    indices.push_back(c);
    out.columns.push_back({csv.header()[c], csv.header()[c] == "pending_jobs", {}});
  }
  while (csv.next()) {
    const double at = csv.number(time);
    if (!out.times.empty() && at < out.times.back())
      throw base::Error(csv.where(time), "expected times in ascending order, found an earlier one");
    out.times.push_back(at);
    for (std::size_t i = 0; i < indices.size(); ++i)
      out.columns[i].values.push_back(csv.number(indices[i]));
  }
  return out;
}

/// Mean or maximum over each of `points` equal intervals of [first time, end).
std::vector<double> reduce(const Timeline& timeline, const Column& column, double end_seconds,
                           std::size_t points) {
  const double begin = timeline.times.front();
  const double width = (end_seconds - begin) / static_cast<double>(points);
  std::vector<double> out(points, 0);
  for (std::size_t row = 0; row < timeline.times.size(); ++row) {
    const double from = timeline.times[row];
    const double to = row + 1 < timeline.times.size() ? timeline.times[row + 1] : end_seconds;
    const double value = column.values[row];
    auto bin = std::min(points - 1, static_cast<std::size_t>((from - begin) / width));
    for (; bin < points; ++bin) {
      const double left = std::max(from, begin + static_cast<double>(bin) * width);
      const double right = std::min(to, begin + static_cast<double>(bin + 1) * width);
      if (left >= to && left > from) break;
      if (column.peak)
        out[bin] = std::max(out[bin], value);
      else
        out[bin] += value * std::max(0.0, right - left) / width;
    }
  }
  return out;
}

Json values_json(const std::vector<double>& values) {
  const bool constant = std::all_of(values.begin(), values.end(),
                                    [&](double value) { return value == values.front(); });
  if (constant && !values.empty()) return values.front();
  Json out = Json::array();
  for (const double value : values) out.push_back(significant(value, 4));
  return out;
}

void put_column(Json& out, const std::string& name, const Json& values) {
  const auto starts_with = [&](std::string_view prefix) { return name.rfind(prefix, 0) == 0; };
  if (starts_with("used_")) {
    out["types"].push_back(name.substr(5));
    out["used"].push_back(values);
  } else if (starts_with("available_")) {
    out["available"].push_back(values);
  } else if (name == "pending_jobs") {
    out["pending"] = values;
  } else if (name == "samples_per_second") {
    out["samples"] = values;
  }
}

}  // namespace

Json timeline_json(const std::string& path, double end_seconds, std::size_t points) {
  if (!file_exists(path)) return nullptr;
  const Timeline timeline = read_timeline(path);
  if (timeline.times.empty()) return nullptr;
  const double begin = timeline.times.front();
  const double end = std::max(end_seconds, timeline.times.back());
  const bool exact = timeline.times.size() <= points || end <= begin;
  Json out;
  Json times = Json::array();
  const double width = (end - begin) / static_cast<double>(points);
  if (exact) {
    for (const double time : timeline.times) times.push_back(significant(time, 9));
  } else {
    out["bin_seconds"] = significant(width, 4);
    for (std::size_t bin = 0; bin < points; ++bin)
      times.push_back(significant(begin + static_cast<double>(bin) * width, 6));
  }
  out["time"] = std::move(times);
  out["end"] = end;
  for (const char* list : {"types", "used", "available"}) out[list] = Json::array();
  for (const Column& column : timeline.columns)
    put_column(out, column.name,
               values_json(exact ? column.values : reduce(timeline, column, end, points)));
  return out;
}

}  // namespace orrery::report
