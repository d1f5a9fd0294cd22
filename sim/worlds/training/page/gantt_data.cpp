#include "sim/worlds/training/page/gantt_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "models/base/csv.hpp"
#include "models/base/numbers.hpp"
#include "sim/worlds/training/records/gpu_slots.hpp"
#include "sim/worlds/training/records/run_files.hpp"

namespace orrery::report {

std::size_t JobNames::number_of(const std::string& job) {
  const auto [found, added] = numbers_.try_emplace(job, numbers_.size());
  if (added) list_.push_back(job);
  return found->second;
}

namespace {

/// A job on neighbouring GPUs of one node.
struct Run {
  double start = 0, end = 0;
  std::size_t node = 0;
  std::size_t first_slot = 0, slots = 1;
  std::size_t job = 0;  // into Runs::jobs
  bool share = false;
};

struct Bar {
  double start = 0, end = 0;
  std::size_t row = 0, rows = 1;
  std::int64_t job = 0;  // number of a name, or -n for n merged runs
};

struct NodeRows {
  std::string type;
  std::size_t slots = 0;
  std::size_t first_row = 0;
  bool shown = false;
};

struct Runs {
  std::vector<Run> runs;
  std::vector<std::string> jobs;
  std::map<std::size_t, NodeRows> nodes;
};

std::vector<std::pair<std::size_t, std::size_t>> slot_ranges(const base::CsvReader& csv,
                                                             std::size_t column) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  const std::string text(csv[column]);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    const std::string part = text.substr(at, end - at);
    const std::size_t dash = std::min(part.find('-'), part.size());
    const auto first = base::parse_integer(part.substr(0, dash));
    const auto last = dash == part.size() ? first : base::parse_integer(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last > 63)
      throw base::Error(csv.where(column),
                        "expected GPU slots such as 0-3;6, found '" + text + "'");
    out.emplace_back(static_cast<std::size_t>(*first),
                     static_cast<std::size_t>(*last - *first + 1));
    at = end + 1;
  }
  return out;
}

Runs read_runs(const std::string& path) {
  base::CsvReader csv(path);
  const std::size_t job = csv.column("job_id");
  const std::size_t start = csv.column("start_seconds");
  const std::size_t end = csv.column("end_seconds");
  const std::size_t node = csv.column("node");
  const std::size_t type = csv.column("gpu_type");
  const std::size_t milli = csv.column("milli");
  const std::size_t slots = csv.column("slots");
  Runs out;
  while (csv.next()) {
    const std::int64_t node_number = csv.integer(node);
    if (node_number < 0)
      throw base::Error(csv.where(node), "expected the number of a node, found a negative one");
    out.jobs.emplace_back(csv[job]);
    NodeRows& rows = out.nodes[static_cast<std::size_t>(node_number)];
    rows.type = csv[type];
    for (const auto& [first, count] : slot_ranges(csv, slots)) {
      rows.slots = std::max(rows.slots, first + count);
      out.runs.push_back({csv.number(start), csv.number(end), static_cast<std::size_t>(node_number),
                          first, count, out.jobs.size() - 1, csv.integer(milli) < 1000});
    }
  }
  return out;
}

/// Gives rows to as many whole nodes as fit; returns how many do not.
std::size_t lay_rows(std::map<std::size_t, NodeRows>& nodes, std::size_t limit) {
  std::size_t next = 0;
  std::size_t hidden = 0;
  for (auto& [number, node] : nodes) {
    node.shown = hidden == 0 && (next == 0 || next + node.slots <= limit);
    node.first_row = next;
    if (node.shown)
      next += node.slots;
    else
      ++hidden;
  }
  return hidden;
}

struct Merged {
  std::vector<Bar> bars;
  std::size_t merged_runs = 0;
};

/// Joins short pieces of one row where the gap between them is below `width`.
void join_row(std::vector<Bar>& pieces, double width, std::vector<Bar>& out) {
  std::sort(pieces.begin(), pieces.end(),
            [](const Bar& a, const Bar& b) { return a.start < b.start; });
  std::size_t open = std::numeric_limits<std::size_t>::max();
  for (const Bar& piece : pieces) {
    if (open < out.size() && piece.start - out[open].end <= width) {
      out[open].end = std::max(out[open].end, piece.end);
      --out[open].job;
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
    const NodeRows& node = runs.nodes.at(run.node);
    if (!node.shown) continue;
    const std::size_t row = node.first_row + run.first_slot;
    if (!run.share && run.end - run.start >= width) {
      out.bars.push_back({run.start, run.end, row, run.slots, static_cast<std::int64_t>(run.job)});
      continue;
    }
    ++out.merged_runs;
    for (std::size_t r = row; r < row + run.slots; ++r)
      pieces[r].push_back({run.start, run.end, r, 1, -1});
  }
  for (auto& [row, row_pieces] : pieces) join_row(row_pieces, width, out.bars);
  std::stable_sort(out.bars.begin(), out.bars.end(),
                   [](const Bar& a, const Bar& b) { return a.start < b.start; });
  return out;
}

Json bars_json(const Runs& runs, const std::vector<Bar>& bars, double begin, double unit,
               JobNames& names) {
  Json out = Json::array();
  std::int64_t last = 0;
  for (const Bar& bar : bars) {
    const auto start = static_cast<std::int64_t>(std::llround((bar.start - begin) / unit));
    const auto end = static_cast<std::int64_t>(std::llround((bar.end - begin) / unit));
    out.push_back(bar.row);
    out.push_back(bar.rows);
    out.push_back(start - last);
    out.push_back(end - start);
    if (bar.job < 0)
      out.push_back(bar.job);
    else
      out.push_back(names.number_of(runs.jobs[static_cast<std::size_t>(bar.job)]));
    last = start;
  }
  return out;
}

}  // namespace

Json gantt_json(const std::string& path, const GanttLimits& limits, JobNames& names) {
  if (!file_exists(path)) return nullptr;
  Runs runs = read_runs(path);
  if (runs.runs.empty()) return nullptr;
  const std::size_t hidden = lay_rows(runs.nodes, limits.rows);
  double begin = std::numeric_limits<double>::infinity();
  double end = 0;
  for (const Run& run : runs.runs) {
    begin = std::min(begin, run.start);
    end = std::max(end, run.end);
  }
  const double span = std::max(end - begin, 1e-6);
  double width = 0;
  Merged merged = merge(runs, width);
  for (double next = span / 2000; merged.bars.size() > limits.bars && width <= span; next *= 1.5) {
    width = next;
    merged = merge(runs, width);
  }
  Json out;
  const double unit = span / 50'000;
  out["begin"] = begin;
  out["unit"] = unit;
  Json& nodes = out["nodes"] = Json::array();
  for (const auto& [number, node] : runs.nodes)
    if (node.shown) nodes.push_back(Json::array({number, node.type, node.first_row, node.slots}));
  out["bars"] = bars_json(runs, merged.bars, begin, unit, names);
  out["merged_below_seconds"] = width;
  out["merged_runs"] = merged.merged_runs;
  out["hidden_nodes"] = hidden;
  out["runs"] = runs.runs.size();
  return out;
}

}  // namespace orrery::report
