#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "models/base/csv.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "sim/report/charts/kinds.hpp"

namespace orrery::report {

using world::Chart;

namespace {

// A lane has at most this many rows: more are a damaged file, not a picture.
constexpr std::int64_t kMostRows = 4096;

/// An item on neighbouring rows of one lane.
struct Run {
  double begin = 0, end = 0;
  std::size_t lane = 0;
  std::size_t first_row = 0, rows = 1;
  std::size_t item = 0;  // into Runs::items
  bool overlaps = false;
};

struct Bar {
  double begin = 0, end = 0;
  std::size_t row = 0, rows = 1;
  std::int64_t item = 0;  // number of an item, or -n for n merged runs
};

struct Lane {
  std::string name, group;
  std::size_t rows = 0;
  std::size_t first = 0;
  bool shown = false;
};

struct Runs {
  std::vector<Run> runs;
  std::vector<std::string> items;  // of each row of the file
  std::vector<Lane> lanes;         // in the order shown
};

/// `0-3;6` as (0, 4) and (6, 1).
std::vector<std::pair<std::size_t, std::size_t>> row_ranges(const base::CsvReader& csv,
                                                            std::size_t column) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  const std::string text(csv[column]);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    const std::string part = text.substr(at, end - at);
    const std::size_t dash = std::min(part.find('-'), part.size());
    const auto first = base::parse_integer(part.substr(0, dash));
    const auto last = dash == part.size() ? first : base::parse_integer(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= kMostRows)
      throw base::Error(csv.where(column), "expected rows such as 0-3;6, found '" + text + "'");
    out.emplace_back(static_cast<std::size_t>(*first),
                     static_cast<std::size_t>(*last - *first + 1));
    at = end + 1;
  }
  return out;
}

/// The places of the declared columns in a file.
struct LaneColumns {
  std::size_t lane = 0, begin = 0, end = 0, item = 0;
  std::optional<std::size_t> rows, group;
};

std::optional<LaneColumns> find_columns(const base::CsvReader& csv, const Chart& chart) {
  std::vector<std::optional<std::size_t>> at(6);
  for (std::size_t i = 0; i < std::min(chart.columns.size(), at.size()); ++i)
    at[i] = csv.find_column(chart.columns[i]);
  if (!at[0] || !at[1] || !at[2] || !at[3]) return std::nullopt;
  return LaneColumns{*at[0], *at[1], *at[2], *at[3], at[4], at[5]};
}

/// Lanes by number where all their names are numbers, else in order of appearance.
std::vector<std::size_t> lane_order(const std::vector<Lane>& lanes) {
  std::vector<std::pair<double, std::size_t>> keys;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto number = base::parse_integer(lanes[i].name);
    keys.emplace_back(number ? static_cast<double>(*number) : std::nan(""), i);
  }
  if (std::ranges::none_of(keys, [](const auto& key) { return std::isnan(key.first); }))
    std::ranges::sort(keys);
  std::vector<std::size_t> out;
  for (const auto& [number, lane] : keys) out.push_back(lane);
  return out;
}

void sort_lanes(Runs& runs) {
  const std::vector<std::size_t> order = lane_order(runs.lanes);
  std::vector<std::size_t> place(order.size());
  std::vector<Lane> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(std::move(runs.lanes[order[i]]));
  }
  runs.lanes = std::move(sorted);
  for (Run& run : runs.runs) run.lane = place[run.lane];
}

std::optional<Runs> read_runs(const std::string& path, const Chart& chart) {
  base::CsvReader csv(path);
  const std::optional<LaneColumns> at = find_columns(csv, chart);
  if (!at) return std::nullopt;
  Runs out;
  std::unordered_map<std::string, std::size_t> numbers;
  while (csv.next()) {
    const auto [found, added] = numbers.try_emplace(std::string(csv[at->lane]), out.lanes.size());
    if (added)
      out.lanes.push_back(
          {found->first, at->group ? std::string(csv[*at->group]) : "", 0, 0, false});
    Lane& lane = out.lanes[found->second];
    out.items.emplace_back(csv[at->item]);
    const auto ranges = at->rows ? row_ranges(csv, *at->rows)
                                 : std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}};
    for (const auto& [first, count] : ranges) {
      lane.rows = std::max(lane.rows, first + count);
      out.runs.push_back({csv.number(at->begin), csv.number(at->end), found->second, first, count,
                          out.items.size() - 1, false});
    }
  }
  sort_lanes(out);
  return out;
}

/// Gives rows to as many whole lanes as fit; returns how many do not.
std::size_t lay_rows(std::vector<Lane>& lanes, std::size_t limit) {
  std::size_t next = 0;
  std::size_t hidden = 0;
  for (Lane& lane : lanes) {
    lane.shown = hidden == 0 && (next == 0 || next + lane.rows <= limit);
    lane.first = next;
    if (lane.shown)
      next += lane.rows;
    else
      ++hidden;
  }
  return hidden;
}

/// Marks what stands in a row at the same time as something else.
void mark_overlaps(Runs& runs) {
  std::map<std::size_t, std::vector<Run*>> by_row;
  for (Run& run : runs.runs) {
    const Lane& lane = runs.lanes[run.lane];
    if (!lane.shown) continue;
    for (std::size_t r = 0; r < run.rows; ++r)
      by_row[lane.first + run.first_row + r].push_back(&run);
  }
  for (auto& [row, in_row] : by_row) {
    std::ranges::stable_sort(in_row, {}, [](const Run* run) { return run->begin; });
    Run* latest = nullptr;
    for (Run* run : in_row) {
      if (latest != nullptr && run->begin < latest->end && run->end > run->begin)
        run->overlaps = latest->overlaps = true;
      if (latest == nullptr || run->end > latest->end) latest = run;
    }
  }
}

struct Merged {
  std::vector<Bar> bars;
  std::size_t merged_runs = 0;
};

/// Joins short pieces of one row where the gap between them is below `width`.
void join_row(std::vector<Bar>& pieces, double width, std::vector<Bar>& out) {
  std::ranges::sort(pieces, {}, &Bar::begin);
  std::size_t open = std::numeric_limits<std::size_t>::max();
  for (const Bar& piece : pieces) {
    if (open < out.size() && piece.begin - out[open].end <= width) {
      out[open].end = std::max(out[open].end, piece.end);
      --out[open].item;
      continue;
    }
    open = out.size();
    out.push_back(piece);
  }
}

Merged merge(const Runs& runs, double width) {
  Merged out;
  std::map<std::size_t, std::vector<Bar>> pieces;
  for (const Run& run : runs.runs) {
    const Lane& lane = runs.lanes[run.lane];
    if (!lane.shown) continue;
    const std::size_t row = lane.first + run.first_row;
    if (!run.overlaps && run.end - run.begin >= width) {
      out.bars.push_back({run.begin, run.end, row, run.rows, static_cast<std::int64_t>(run.item)});
      continue;
    }
    ++out.merged_runs;
    for (std::size_t r = row; r < row + run.rows; ++r)
      pieces[r].push_back({run.begin, run.end, r, 1, -1});
  }
  for (auto& [row, row_pieces] : pieces) join_row(row_pieces, width, out.bars);
  std::ranges::stable_sort(out.bars, {}, &Bar::begin);
  return out;
}

/// Bars, their starts as differences in units, their items as numbers of `items`.
void put_bars(Json& out, const Runs& runs, const std::vector<Bar>& bars, double begin,
              double unit) {
  Json list = Json::array();
  Json items = Json::array();
  std::unordered_map<std::string, std::size_t> numbers;
  std::int64_t last = 0;
  for (const Bar& bar : bars) {
    const auto start = static_cast<std::int64_t>(std::llround((bar.begin - begin) / unit));
    const auto end = static_cast<std::int64_t>(std::llround((bar.end - begin) / unit));
    list.push_back(bar.row);
    list.push_back(bar.rows);
    list.push_back(start - last);
    list.push_back(end - start);
    last = start;
    if (bar.item < 0) {
      list.push_back(bar.item);
      continue;
    }
    const std::string& item = runs.items[static_cast<std::size_t>(bar.item)];
    const auto [found, added] = numbers.try_emplace(item, numbers.size());
    if (added) items.push_back(item);
    list.push_back(found->second);
  }
  out["bars"] = std::move(list);
  out["items"] = std::move(items);
}

void put_shown_lanes(Json& out, const Runs& runs, const Chart& chart) {
  Json& lanes = out["lanes"] = Json::array();
  const std::string before = chart.lane_name.empty() ? "" : chart.lane_name + " ";
  for (const Lane& lane : runs.lanes)
    if (lane.shown)
      lanes.push_back({{"name", before + lane.name},
                       {"group", lane.group},
                       {"rows", lane.rows},
                       {"first", lane.first}});
}

}  // namespace

bool put_lanes(Json& out, const Chart& chart, const std::vector<ChartSource>& sources,
               const ChartLimits& limits) {
  std::optional<Runs> runs = read_runs(sources.front().runs.front().path, chart);
  if (!runs || runs->runs.empty()) return false;
  const std::size_t hidden = lay_rows(runs->lanes, limits.rows);
  mark_overlaps(*runs);
  double begin = std::numeric_limits<double>::infinity();
  double end = 0;
  for (const Run& run : runs->runs) {
    begin = std::min(begin, run.begin);
    end = std::max(end, run.end);
  }
  const double span = std::max(end - begin, 1e-6);
  double width = 0;
  Merged merged = merge(*runs, width);
  for (double next = span / 2000; merged.bars.size() > limits.bars && width <= span; next *= 1.5) {
    width = next;
    merged = merge(*runs, width);
  }
  const double unit = span / 50'000;
  put_shown_lanes(out, *runs, chart);
  out["begin"] = begin;
  out["unit"] = unit;
  put_bars(out, *runs, merged.bars, begin, unit);
  out["merged_below_seconds"] = width;
  out["merged_runs"] = merged.merged_runs;
  out["hidden"] = hidden;
  out["runs"] = runs->runs.size();
  return true;
}

}  // namespace orrery::report
