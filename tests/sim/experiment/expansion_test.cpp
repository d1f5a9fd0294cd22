// The runs of a document: their order, ids and directories.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "models/base/document_paths.hpp"
#include "sim/experiment/expansion.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "tests/sim/experiment/files.hpp"
#include "tests/sim/experiment/points_of.hpp"

using namespace orrery::experiment;
using orrery::base::Node;
using orrery::experiment::test::error_of;
using orrery::experiment::test::expand;
using orrery::experiment::test::Files;
using orrery::experiment::test::plain_experiment;
using orrery::experiment::test::points_of;

namespace {

std::vector<std::string> directories(const std::vector<RunPoint>& points) {
  std::vector<std::string> out;
  for (const RunPoint& point : points) out.push_back(point.directory);
  return out;
}

std::string id_of(const std::string& text) {
  const auto points = points_of(text);
  REQUIRE(points.size() == 1);
  return points.front().run_id;
}

}  // namespace

TEST_CASE("runs come as written: sweep, then policies, then seeds") {
  const auto points = points_of(plain_experiment() +
                                "policies: [sjf, {name: fifo, label: plain}]\nseeds: [7, 3]\n"
                                "sweep: {round: [0 s, 5 s], \"cluster.nodes[0].count\": [4, 2]}\n");
  const std::vector<std::string> expected{"round-0-s_count-4/sjf/7",   "round-0-s_count-4/sjf/3",
                                          "round-0-s_count-4/plain/7", "round-0-s_count-4/plain/3",
                                          "round-0-s_count-2/sjf/7",   "round-0-s_count-2/sjf/3"};
  const auto found = directories(points);
  REQUIRE(found.size() == 16);
  CHECK(std::vector<std::string>(found.begin(), found.begin() + 6) == expected);
  CHECK(orrery::report::point_text(points.back().point) == "round=5 s,cluster.nodes[0].count=2");
  std::set<std::string> ids;
  for (const RunPoint& point : points) {
    CHECK(point.document.find("policies") == nullptr);
    CHECK(point.document.find("sweep") == nullptr);
    CHECK(point.document.find("seeds") == nullptr);
    CHECK(find_at(point.document, "seed")->text == std::to_string(point.seed));
    ids.insert(point.run_id);
  }
  CHECK(ids.size() == 16);
}

TEST_CASE("a run id is 16 hexadecimal digits, whatever the order of keys and the folder") {
  const std::string id = id_of(plain_experiment() + "policy: {name: fifo, queue: skipping}\n");
  CHECK(id.size() == 16);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(id == id_of("policy: {queue: skipping, name: fifo}\nseed: 1\n" + plain_experiment()));
  CHECK(id == id_of(plain_experiment() + "policy: {queue: skipping}\npolicies: [fifo]\n"));
  CHECK(id != id_of(plain_experiment() + "policy: {name: fifo, queue: blocking}\n"));
  CHECK(id != id_of(plain_experiment() + "policy: {name: fifo, queue: skipping}\nseed: 2\n"));

  const std::string text =
      "name: n\ncluster: {nodes: [{gpu: t4}]}\npolicy: {name: fifo}\n"
      "workload: {trace: {format: csv, path: jobs.csv}}\n";
  const std::string trace = "job_id,submit_seconds,gpus,duration_seconds\na,0,1,5\n";
  const Files one;
  const Files other;
  one.write("jobs.csv", trace);
  other.write("deep/jobs.csv", trace);
  const auto run_of = [](const std::string& path) { return expand(load_document(path)).front(); };
  const std::string here = one.write("e.yaml", text);
  const std::string there = other.write("deep/other-name.yaml", text);
  CHECK(run_of(here).run_id == run_of(there).run_id);
  // Another content of the trace is another run.
  const std::string before = run_of(here).run_id;
  one.write("jobs.csv", trace + "b,1,1,5\n");
  CHECK(run_of(here).run_id != before);
}

TEST_CASE("options under 'policy' reach every policy that knows them and sets them not itself") {
  const auto points = points_of(plain_experiment() +
                                "policy: {queue: skipping, depth: 5}\n"
                                "policies: [easy, fifo, {name: sjf, queue: blocking}]\n");
  REQUIRE(points.size() == 3);
  const auto option = [&](std::size_t i, const char* key) {
    const Node* found = find_at(points[i].document, std::string("policy.") + key);
    return found == nullptr ? std::string("-") : found->text;
  };
  CHECK(option(0, "depth") == "5");
  CHECK(option(0, "queue") == "-");  // EASY has no such option
  CHECK(option(1, "queue") == "skipping");
  CHECK(option(1, "depth") == "-");
  CHECK(option(2, "queue") == "blocking");
  CHECK(error_of([] {
          points_of(plain_experiment() + "policy: {quue: skipping}\npolicies: [fifo]\n");
        }) == "unknown key 'quue'; did you mean 'queue'?");
}

TEST_CASE("the command line narrows policies by label or name, and adds others by name") {
  const std::string text =
      plain_experiment() + "policies: [{name: fifo, label: a}, {name: fifo, label: b}, sjf]\n";
  CHECK(directories(points_of(text, {{"b"}, {}})) == std::vector<std::string>{"b/1"});
  CHECK(directories(points_of(text, {{"fifo", "las"}, {5, 4}})) ==
        std::vector<std::string>{"a/5", "a/4", "b/5", "b/4", "las/5", "las/4"});
  CHECK(error_of([&] {
          points_of(text, {{"sjf", "sjf"}, {}});
        }).find("two policies are called 'sjf'") != std::string::npos);
  CHECK(error_of([&] { points_of(text, {{}, {1, 1}}); }).find("stands twice") != std::string::npos);
}

TEST_CASE("sweep points get short directories of their own whatever their values") {
  const std::string longer(90, 'x');
  const auto points =
      points_of(plain_experiment() + "policy: {name: fifo}\n" + "sweep: {description: [a/b, a b, " +
                longer + "y, " + longer + "z], policy: [{name: fifo}]}\n");
  const auto found = directories(points);
  REQUIRE(found.size() == 4);
  CHECK(found[0] == "description-a-b_policy--1/fifo/1");
  CHECK(found[1] == "point-2/fifo/1");
  CHECK(found[2] == "point-3/fifo/1");
  CHECK(std::set<std::string>(found.begin(), found.end()).size() == 4);
}

TEST_CASE("every point is checked, and too many are refused") {
  CHECK(error_of([] {
          points_of(plain_experiment() + "policy: {name: fifo}\nsweep: {round: [1 s, 1 GiB]}\n");
        }).find("'1 GiB'") != std::string::npos);
  std::string hundred = "[1";
  for (int i = 2; i <= 101; ++i) hundred += ", " + std::to_string(i);
  hundred += "]";
  CHECK(error_of([&] {
          points_of(plain_experiment() +
                    "policy: {name: fifo}\nsweep: {\"cluster.nodes[0].count\": " + hundred +
                    ", \"workload.limit\": " + hundred + "}\n");
        }) == "the sweep has more than 10000 combinations");
}
