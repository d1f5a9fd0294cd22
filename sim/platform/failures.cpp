#include "sim/platform/failures.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "models/base/csv.hpp"
#include "models/base/numbers.hpp"

namespace orrery::platform {

namespace {

struct Row {
  Outage outage;
  base::Where where;
};

struct Columns {
  std::size_t node;
  std::size_t down;
  std::size_t up;
};

Row read_row(const base::CsvReader& csv, const Columns& columns, std::size_t nodes) {
  const std::int64_t node = csv.integer(columns.node);
  if (node < 0 || static_cast<std::size_t>(node) >= nodes) {
    throw base::Error(csv.where(columns.node), "node " + std::to_string(node) +
                                                   " does not exist; this cluster's nodes are " +
                                                   "0 to " + std::to_string(nodes - 1));
  }
  Outage outage{NodeId(static_cast<std::size_t>(node)), csv.number(columns.down),
                std::numeric_limits<double>::infinity()};
  if (outage.down_seconds < 0) {
    throw base::Error(csv.where(columns.down),
                      "expected seconds since the start of the run, found " +
                          base::format_shortest(outage.down_seconds));
  }
  if (!csv[columns.up].empty()) outage.up_seconds = csv.number(columns.up);
  for (const std::size_t column : {columns.down, columns.up})
    if (!csv[column].empty() && csv.number(column) > base::kLatestSecond)
      throw base::Error(csv.where(column), "expected at most 1e12 seconds, found " +
                                               base::format_shortest(csv.number(column)));
  if (outage.up_seconds <= outage.down_seconds) {
    throw base::Error(csv.where(columns.up),
                      "the node comes back at " + base::format_shortest(outage.up_seconds) +
                          " s, yet it goes down at " + base::format_shortest(outage.down_seconds) +
                          " s; expected a later time, or an empty cell for never");
  }
  return {outage, csv.where()};
}

void check_overlaps(const std::vector<Row>& rows, std::size_t nodes) {
  std::vector<double> up_at(nodes, 0);
  for (const Row& row : rows) {
    double& up = up_at[row.outage.node.index()];
    if (row.outage.down_seconds < up) {
      throw base::Error(row.where, "node " + std::to_string(row.outage.node.index()) +
                                       " goes down at " +
                                       base::format_shortest(row.outage.down_seconds) +
                                       " s while another row has it down already");
    }
    up = row.outage.up_seconds;
  }
}

base::Where place_of(const base::Where& failures, const std::string& key) {
  base::Where where = failures;
  where.key += (where.key.empty() ? "" : ".") + key;
  return where;
}

void check_config(const FailureConfig& config, const base::Where& where) {
  const bool drawn = config.mean_time_between_failures_seconds.has_value();
  const bool repaired = config.mean_time_to_repair_seconds.has_value();
  if (!config.trace_path.empty() && (drawn || repaired)) {
    throw base::Error(place_of(where, "trace"),
                      "expected either 'trace' or 'mtbf' with 'mttr', found both");
  }
  if (drawn && !repaired) {
    throw base::Error(place_of(where, "mttr"),
                      "'mtbf' is given without 'mttr'; expected the mean time to repair, e.g. 4 h");
  }
  if (repaired && !drawn) {
    throw base::Error(
        place_of(where, "mtbf"),
        "'mttr' is given without 'mtbf'; expected the mean time between failures, e.g. 30 d");
  }
}

}  // namespace

base::Declaration<FailureConfig> declare(const FailureConfig*) {
  base::Declaration<FailureConfig> d(
      "Node failures: drawn from exponential distributions, or read.");
  d.number("mtbf", &FailureConfig::mean_time_between_failures_seconds, base::Dimension::time,
           "mean time between failures of one node, counted while it is up")
      .at_least(1);
  d.number("mttr", &FailureConfig::mean_time_to_repair_seconds, base::Dimension::time,
           "mean time to repair")
      .more_than(0);
  d.text("trace", &FailureConfig::trace_path,
         "CSV file with the columns node,down_seconds,up_seconds instead; no up_seconds: for good");
  return d;
}

std::vector<Outage> read_outages(const std::string& path, const Inventory& inventory) {
  base::CsvReader csv(path);
  const Columns columns{csv.column("node"), csv.column("down_seconds"), csv.column("up_seconds")};
  std::vector<Row> rows;
  while (csv.next()) rows.push_back(read_row(csv, columns, inventory.nodes.size()));
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (a.outage.down_seconds != b.outage.down_seconds) {
      return a.outage.down_seconds < b.outage.down_seconds;
    }
    return a.outage.node < b.outage.node;
  });
  check_overlaps(rows, inventory.nodes.size());
  std::vector<Outage> outages;
  outages.reserve(rows.size());
  for (const Row& row : rows) outages.push_back(row.outage);
  return outages;
}

FailureSource::FailureSource(const FailureConfig& config, const Inventory& inventory,
                             std::uint64_t seed, const base::Where& where)
    : config_(config) {
  check_config(config, where);
  const std::size_t nodes = inventory.nodes.size();
  if (config.mean_time_between_failures_seconds) {
    streams_.reserve(nodes);
    // By the place in the group, so that a group that grows leaves the outages of others as they
    // were.
    std::vector<std::size_t> nodes_of(inventory.groups.size());
    for (const NodeInfo& node : inventory.nodes) {
      std::string name = "failures of node " + std::to_string(nodes_of[node.group]++);
      if (node.group > 0) name += " of group " + std::to_string(node.group);
      streams_.emplace_back(seed, name);
    }
  }
  if (!config.trace_path.empty()) {
    recorded_.resize(nodes);
    position_.resize(nodes, 0);
    for (const Outage& outage : read_outages(config.trace_path, inventory)) {
      recorded_[outage.node.index()].push_back(outage);
    }
  }
}

std::optional<Outage> FailureSource::next(NodeId node, double after_seconds) {
  const std::size_t n = node.index();
  if (!streams_.empty()) {
    assert(n < streams_.size());
    const double down =
        after_seconds + streams_[n].exponential(*config_.mean_time_between_failures_seconds);
    return Outage{node, down, down + streams_[n].exponential(*config_.mean_time_to_repair_seconds)};
  }
  if (recorded_.empty()) return std::nullopt;
  const std::vector<Outage>& outages = recorded_[n];
  std::size_t& position = position_[n];
  while (position < outages.size() && outages[position].down_seconds < after_seconds) ++position;
  if (position == outages.size()) return std::nullopt;
  return outages[position++];
}

}  // namespace orrery::platform
