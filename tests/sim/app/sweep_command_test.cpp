// Sweeps of thousands of points: what validate and compare hold and when they look at inputs.
#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/sim/app/command.hpp"

using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using orrery::app::test::small_trace;
using orrery::app::test::write_small_experiment;

namespace {

/// `[a, b, c]` of `count` values.
std::string list(int count, const std::function<std::string(int)>& value) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i == 0 ? "[" : ", ") + value(i);
  return text + "]";
}

/// An experiment on traces of its own: `count` of them, by the names 0.csv, 1.csv, ...
void write_traces(const Folder& folder, int count) {
  for (int i = 0; i < count; ++i)
    folder.write(std::to_string(i) + ".csv",
                 small_trace() + "last,0,1," + std::to_string(i + 1) + "\n");
  folder.write("exp.yaml",
               "name: many\ncluster: {nodes: [{count: 1, gpu: v100-32g, gpus_per_node: 8}]}\n"
               "workload: {trace: {format: csv, path: 0.csv}}\npolicy: {name: fifo}\nsweep:\n"
               "  workload.trace.path: " +
                   list(count, [](int i) { return std::to_string(i) + ".csv"; }) + "\n");
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a sweep is not copied into each of its points") {
  const Folder folder;
  write_small_experiment(folder);
  folder.write("sweep.yaml", "extends: exp.yaml\nsweep:\n  round: " + list(2000, [](int i) {
                               return std::to_string(i + 1) + " s";
                             }) + "\n");
  const Outcome outcome = folder.orrery({"validate", "sweep.yaml"});
  CHECK(outcome.code == 0);
  CHECK(holds(outcome.out, "OK: 2000 runs (1 policy x 1 seed x 2000 sweep points)"));
  // With a copy in each they were 900 MB; alone they are 30 MB, under a sanitizer more.
  CHECK(outcome.peak_megabytes > 1);
  CHECK(outcome.peak_megabytes < 600);
}

TEST_CASE("more runs than a comparison can have are refused by the list that makes them") {
  const Folder folder;
  write_small_experiment(folder);
  const auto number = [](int i) { return std::to_string(i); };
  folder.write("seeds.yaml", "extends: exp.yaml\nseeds: " + list(10'001, number) + "\n");
  CHECK(folder.orrery({"validate", "seeds.yaml"}).err ==
        "error: seeds.yaml:2:8: seeds: stands for more than 10000 runs\n");
  folder.write("grid.yaml", "extends: exp.yaml\nseeds: " + list(101, number) +
                                "\nsweep: {workload.limit: " +
                                list(100, [](int i) { return std::to_string(i + 1); }) + "}\n");
  CHECK(holds(folder.orrery({"validate", "grid.yaml"}).err, "stands for more than 10000 runs"));
}

TEST_CASE("the first inputs are checked before anything is written, others when their turn comes") {
  const Folder folder;
  write_traces(folder, 34);
  folder.write("1.csv", "no trace\n");
  const Outcome early = folder.orrery({"compare", "exp.yaml", "--out", "out"});
  CHECK(early.code == 2);
  CHECK(holds(early.err, "error: 1.csv:1: "));
  CHECK_FALSE(folder.has("out"));

  write_traces(folder, 34);
  folder.write("33.csv", "no trace\n");
  CHECK(folder.orrery({"validate", "exp.yaml"}).code == 2);
  const Outcome late = folder.orrery({"compare", "exp.yaml", "--out", "out", "--no-trace"});
  CHECK(late.code == 1);
  CHECK(holds(late.err, "path-33.csv/fifo/1: FAILED, 33.csv:1: "));
  const auto written = nlohmann::json::parse(folder.read("out/comparison.json"));
  CHECK(written.at("runs").size() == 33);
  REQUIRE(written.at("failed").size() == 1);
  CHECK(holds(written.at("failed")[0].get<std::string>(), "33.csv/fifo/1: "));

  // The run ids of all cover what was read: nothing that is there is made again.
  write_traces(folder, 34);
  const Outcome again = folder.orrery({"compare", "exp.yaml", "--out", "out", "--no-trace"});
  CHECK(again.code == 0);
  CHECK(holds(again.out, "1 runs made, 33 kept from before"));
}

TEST_CASE("words that look like options or expressions go all the way to the runs") {
  const Folder folder;
  write_small_experiment(folder);
  for (const char* const name : {"name(...", "[a,b]", "--", "it's", "a=b"}) {
    CAPTURE(name);
    const std::string out = "out " + std::string(name);
    folder.write(name, folder.read("exp.yaml"));
    const Outcome outcome =
        folder.orrery({"compare", std::string("./") + name, "--out", out, "--set",
                       "policies=[{name: fifo, label: -x}, {name: fifo, label: --}]"});
    CHECK(outcome.code == 0);
    CHECK(folder.has(out + "/-x/1/summary.json"));
    CHECK(folder.has(out + "/--/1/summary.json"));
  }
}

TEST_CASE("names on the command line that mean nothing are refused before anything starts") {
  const Folder folder;
  write_small_experiment(folder);
  for (const char* const word :
       {"name(...", "fifo(", "{name: fifo}", "../fifo", "-x", "fifo srtf"}) {
    CAPTURE(word);
    const Outcome outcome =
        folder.orrery({"compare", "exp.yaml", "--out", "out", std::string("--policies=") + word});
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(holds(outcome.err, std::string("no policy is called '") + word + "'"));
    CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
    CHECK_FALSE(folder.has("out"));
  }
}
