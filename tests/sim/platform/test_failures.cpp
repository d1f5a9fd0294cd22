#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "sim/platform/failures.hpp"

namespace orrery::platform {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const base::Where kFailuresKey{"experiment.yaml", 7, 3, "cluster.failures"};

Inventory nodes(std::int32_t count) {
  NodeGroup group;
  group.count = count;
  group.gpu = "t4";
  group.gpus_per_node = 1;
  return make_inventory({group}, {});
}

// A file that is gone when the case ends.
class Trace {
 public:
  explicit Trace(const std::string& rows) {
    std::string pattern = (std::filesystem::temp_directory_path() / "outages-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    path = (folder_ / "failures.csv").string();
    base::write_file_atomically(path, "node,down_seconds,up_seconds\n" + rows);
  }
  ~Trace() { std::filesystem::remove_all(folder_); }
  std::string path;

 private:
  std::filesystem::path folder_;
};

FailureConfig drawn(double mtbf, double mttr) {
  FailureConfig config;
  config.mean_time_between_failures_seconds = mtbf;
  config.mean_time_to_repair_seconds = mttr;
  return config;
}

std::vector<Outage> outages_of(FailureSource& source, NodeId node, int count) {
  std::vector<Outage> all;
  double after = 0;
  for (int i = 0; i < count; ++i) {
    const auto outage = source.next(node, after);
    if (!outage) break;
    all.push_back(*outage);
    after = outage->up_seconds;
  }
  return all;
}

std::string trace_error(const std::string& rows) {
  const Trace trace(rows);
  try {
    read_outages(trace.path, nodes(3));
  } catch (const base::Error& error) {
    return std::to_string(error.where().line) + ": " + error.sentence();
  }
  return "nothing was thrown";
}

TEST_CASE("drawn outages have the means asked for, and never overlap") {
  FailureSource source(drawn(1000, 50), nodes(1), 11, kFailuresKey);
  constexpr int kCount = 20000;
  const auto outages = outages_of(source, NodeId(0), kCount);
  REQUIRE(outages.size() == kCount);
  double up = 0;
  double down = 0;
  double last = 0;
  for (const Outage& outage : outages) {
    REQUIRE(outage.down_seconds >= last);
    REQUIRE(outage.up_seconds >= outage.down_seconds);
    up += outage.down_seconds - last;
    down += outage.up_seconds - outage.down_seconds;
    last = outage.up_seconds;
  }
  // The mean of n exponential draws has a standard error of mean / sqrt(n); five of them.
  const double tolerance = 5 / std::sqrt(kCount);
  CHECK(std::abs(up / kCount / 1000 - 1) < tolerance);
  CHECK(std::abs(down / kCount / 50 - 1) < tolerance);
}

TEST_CASE("a node's outages depend on the seed and itself only") {
  FailureSource small(drawn(100, 10), nodes(2), 5, kFailuresKey);
  FailureSource large(drawn(100, 10), nodes(50), 5, kFailuresKey);
  FailureSource other(drawn(100, 10), nodes(2), 6, kFailuresKey);
  outages_of(large, NodeId(7), 100);
  const auto a = outages_of(small, NodeId(1), 20);
  const auto b = outages_of(large, NodeId(1), 20);
  const auto c = outages_of(other, NodeId(1), 20);
  const auto d = outages_of(small, NodeId(0), 20);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(a[i].down_seconds == b[i].down_seconds);
    CHECK(a[i].up_seconds == b[i].up_seconds);
    CHECK(a[i].down_seconds != c[i].down_seconds);
    CHECK(a[i].down_seconds != d[i].down_seconds);
  }
}

TEST_CASE("a group that grows leaves the outages of the nodes that were there as they were") {
  const auto with = [](std::int32_t first) {
    std::vector<NodeGroup> groups(2);
    groups[0].count = first;
    groups[1].count = 3;
    for (NodeGroup& group : groups) group.gpu = "t4";
    for (NodeGroup& group : groups) group.gpus_per_node = 1;
    return make_inventory(groups, {});
  };
  const Inventory small = with(2);
  const Inventory large = with(6);
  FailureSource before(drawn(1000, 100), small, 7, kFailuresKey);
  FailureSource after(drawn(1000, 100), large, 7, kFailuresKey);
  std::vector<double> first_downs;
  for (std::size_t n = 0; n < 5; ++n) {
    INFO("node ", n);
    const auto old = outages_of(before, NodeId(n), 20);
    const auto now = outages_of(after, NodeId(n < 2 ? n : n + 4), 20);
    REQUIRE(old.size() == now.size());
    for (std::size_t i = 0; i < old.size(); ++i) {
      CHECK(old[i].down_seconds == now[i].down_seconds);
      CHECK(old[i].up_seconds == now[i].up_seconds);
    }
    first_downs.push_back(old.front().down_seconds);
  }
  std::ranges::sort(first_downs);
  CHECK(std::ranges::adjacent_find(first_downs) == first_downs.end());
}

TEST_CASE("without a distribution or a trace nothing ever fails") {
  FailureSource source({}, nodes(2), 1, kFailuresKey);
  CHECK_FALSE(source.next(NodeId(0), 0).has_value());
}

TEST_CASE("recorded outages come back per node and by time, an empty cell meaning for good") {
  const Trace trace("2,50,\n0,30,40.5\n0,10,20\n0,20,25\n");
  const auto all = read_outages(trace.path, nodes(3));
  REQUIRE(all.size() == 4);
  CHECK(all[0].down_seconds == 10);
  CHECK(all[3].node == NodeId(2));
  FailureConfig config;
  config.trace_path = trace.path;
  FailureSource source(config, nodes(3), 1, kFailuresKey);
  const auto first = outages_of(source, NodeId(0), 10);
  REQUIRE(first.size() == 3);
  CHECK(first[1].down_seconds == 20);
  CHECK(first[2].up_seconds == 40.5);
  CHECK(outages_of(source, NodeId(1), 10).empty());
  const auto last = outages_of(source, NodeId(2), 10);
  REQUIRE(last.size() == 1);
  CHECK(last[0].up_seconds == kInfinity);
}

TEST_CASE("outages before the time asked for are passed over") {
  const Trace trace("0,10,20\n0,30,40\n");
  FailureConfig config;
  config.trace_path = trace.path;
  FailureSource source(config, nodes(1), 1, kFailuresKey);
  const auto next = source.next(NodeId(0), 15);
  REQUIRE(next.has_value());
  CHECK(next->down_seconds == 30);
}

TEST_CASE("bad rows are refused with their line") {
  CHECK(trace_error("0,1,2\n3,1,2\n") ==
        "3: node 3 does not exist; this cluster's nodes are 0 to 2");
  CHECK(trace_error("-1,1,2\n").starts_with("2: node -1 does not exist"));
  CHECK(trace_error("0,5,4\n").starts_with("2: the node comes back at 4 s"));
  CHECK(trace_error("0,5,5\n").starts_with("2: the node comes back at 5 s"));
  CHECK(trace_error("0,-5,5\n").starts_with("2: expected seconds since the start"));
  CHECK(trace_error("1,30,40\n0,1,2\n1,10,31\n").starts_with("2: node 1 goes down at 30 s while"));
  CHECK(trace_error("1,10,\n1,20,30\n").starts_with("3: node 1 goes down at 20 s while"));
  CHECK(trace_error("0,1,2e12\n") == "2: expected at most 1e12 seconds, found 2e+12");
  CHECK(trace_error("0,1e308,\n") == "2: expected at most 1e12 seconds, found 1e+308");
  CHECK(trace_error("0,x,2\n").starts_with("2: "));
  CHECK(trace_error("0,nan,2\n").starts_with("2: "));
  CHECK(trace_error("0,1\n").starts_with("2: "));
  CHECK(trace_error("0,1,2\n0,2,3\n") == "nothing was thrown");
}

TEST_CASE("half a distribution, or both kinds at once, is refused where it stands") {
  const auto key_of = [](const FailureConfig& config) -> std::string {
    try {
      FailureSource(config, nodes(1), 1, kFailuresKey);
    } catch (const base::Error& error) {
      return error.where().key;
    }
    return "nothing was thrown";
  };
  FailureConfig config = drawn(10, 1);
  CHECK(key_of(config) == "nothing was thrown");
  config.trace_path = "failures.csv";
  CHECK(key_of(config) == "cluster.failures.trace");
  FailureConfig no_repair;
  no_repair.mean_time_between_failures_seconds = 10;
  CHECK(key_of(no_repair) == "cluster.failures.mttr");
  FailureConfig no_failure;
  no_failure.mean_time_to_repair_seconds = 10;
  CHECK(key_of(no_failure) == "cluster.failures.mtbf");
}

TEST_CASE("failures as YAML") {
  const auto read = [](const std::string& yaml) {
    return base::read<FailureConfig>(base::parse_yaml(yaml, "failures.yaml"));
  };
  const FailureConfig config = read("{mtbf: 30 d, mttr: 4 h}");
  CHECK(config.mean_time_between_failures_seconds == 30.0 * 86400);
  CHECK(config.mean_time_to_repair_seconds == 4.0 * 3600);
  CHECK(read("{trace: failures.csv}").trace_path == "failures.csv");
  CHECK_THROWS_AS(read("{mtbf: 30}"), base::Error);
  CHECK_THROWS_AS(read("{mtbf: 0 s, mttr: 1 h}"), base::Error);
  CHECK_THROWS_AS(read("{mttr: 0 s}"), base::Error);
  CHECK_THROWS_AS(read("{mtb: 3 d}"), base::Error);
}

}  // namespace
}  // namespace orrery::platform
