// Tables of throughputs: what each layout means, what is refused with its place, and real files.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "tests/models/throughput/never.hpp"
#include "tests/public_data.hpp"
#include "tests/traces/bad_row.hpp"
#include "tests/traces/support.hpp"
#include "traces/sia_profile.hpp"
#include "traces/throughput_reader.hpp"

using namespace orrery;
using models::ThroughputTable;
using test::available;
using test::BadRow;
using test::data_path;

namespace {

ThroughputTable read_table(const std::string& format, const std::string& path,
                           const std::string& options = "{}") {
  const traces::ThroughputFormat* found = traces::find_throughput_format(format);
  REQUIRE(found != nullptr);
  return found->read(path, base::parse_yaml(options, "options"));
}

base::Error table_refusal(const std::string& format, const std::string& text) {
  const test::TemporaryFile file(text);
  try {
    read_table(format, file.path());
  } catch (const base::Error& error) {
    CHECK(error.where().file == file.path());
    return error;
  }
  FAIL("no error for " << text);
  return {{}, ""};
}

void check_bad_table_rows(const std::string& format, const std::string& before,
                          std::initializer_list<BadRow> rows) {
  for (const BadRow& bad : rows) {
    CAPTURE(bad.row);
    const base::Error error = table_refusal(format, before + bad.row + "\n");
    CHECK(error.where().line == 3);
    CHECK(error.where().key == bad.key);
    CHECK_MESSAGE(error.sentence().find(bad.sentence) != std::string::npos, error.sentence());
  }
}

}  // namespace

TEST_CASE("every format of tables is registered, sorted, and says where its files come from") {
  std::vector<std::string> names;
  for (const auto* format : traces::throughput_formats()) {
    names.push_back(format->name);
    CHECK_FALSE(format->help.empty());
    CHECK_FALSE(format->origin.empty());
    CHECK_THROWS_AS(format->read("no/such/file", base::parse_yaml("{}", "options")), base::Error);
    CHECK_THROWS_AS(format->read(test::sample("jobs.csv"), base::parse_yaml("{}", "options")),
                    base::Error);
    CHECK_THROWS_AS(format->read("", base::parse_yaml("{no_such: 1}", "options")), base::Error);
  }
  CHECK(names == std::vector<std::string>{"arena", "arena-testbed", "gavel", "sia"});
  CHECK(traces::find_throughput_format("gravel") == nullptr);
  CHECK(&traces::throughput_format_named("gavel", {}) == traces::find_throughput_format("gavel"));
  CHECK_THROWS_WITH_AS(traces::throughput_format_named("gravel", {}),
                       "no throughput format is called 'gravel'; did you mean 'gavel'?",
                       base::Error);
  const auto again = [] {
    traces::ThroughputFormatRegistration second(*traces::find_throughput_format("sia"));
  };
  CHECK_THROWS_WITH_AS(again(), "the throughput format 'sia' is registered twice",
                       std::logic_error);
}

TEST_CASE("arena: -1 is a configuration that was tried and cannot run") {
  const ThroughputTable table = read_table("arena", test::sample("arena-throughputs.csv"));
  CHECK(table.rows() == 10);
  CHECK(table.find({"fern__1B", 256}, "a40", {2, 2}) == 4.5);
  CHECK(table.find({"fern__1B", 256}, "a10", {1, 2}) == test::kNever);
  CHECK_FALSE(table.find({"fern__1B", 256}, "a10", {8, 2}));
  CHECK(table.larger_sizes("fern__1B") == std::vector<std::string>{"fern__2B"});
  const std::string before =
      "model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\nfern,1B,8,a40,1,2,5\n";
  check_bad_table_rows("arena", before,
                       {{"fern,1B,8,a40,1,2,5", "iter_time_s", "stands twice"},
                        {"fern,1B,8,a40,1,2,-1", "iter_time_s", "stands twice"},
                        {"fern,1B,16,a40,1,2,-2", "iter_time_s", "above 0"},
                        {"fern,1B,16,a40,1,2,0", "iter_time_s", "above 0"},
                        {"fern,1B,16,a40,1,2,nan", "iter_time_s", "above 0"},
                        {"fern,1B,16,a40,1,2,", "iter_time_s", "an empty field"},
                        {"fern,1B,0,a40,1,2,5", "global_batch", "at least 1"},
                        {"fern,1B,16,a40,0,2,5", "nodes", "at least 1"},
                        {"fern,1B,16,a40,1,x,5", "gpus_per_node", "whole number"}});
}

TEST_CASE("arena-testbed: the mean over all iterations of real executions") {
  const std::string path = test::sample("arena-testbed.csv");
  const ThroughputTable table = read_table("arena-testbed", path);
  // 100 iterations of 4.5 s and 50 of 4.8 s; three iterations are too few to count.
  CHECK(table.find({"fern__1B", 256}, "a40", {2, 2}) == doctest::Approx((450 + 240) / 150.0));
  CHECK(table.find({"fern__2B", 256}, "a40", {4, 2}) == doctest::Approx((1040 + 184) / 240.0));
  CHECK_FALSE(table.find({"fern__1B", 256}, "a10", {2, 2}));
  CHECK(table.rows() == 2);
  CHECK(read_table("arena-testbed", path, "{only_policy: second}").rows() == 1);
  CHECK(read_table("arena-testbed", path, "{run: plot}").rows() == 1);
  CHECK(read_table("arena-testbed", path, "{least_iterations: 3}").rows() == 3);
  CHECK_THROWS_AS(read_table("arena-testbed", path, "{run: other}"), base::Error);
  const std::string before =
      "run,policy,job,model,params,global_batch,try,gpu_type,locality,executed_iters,"
      "avg_iter_time_s\nrt,a,j,fern,1B,8,1,a40,\"[2,2]\",9,5\n";
  check_bad_table_rows("arena-testbed", before,
                       {{"rt,a,j,fern,1B,8,1,a40,\"[2,2]\",9,5", "try", "each try of a job once"},
                        {"rt,a,j,fern,1B,8,2,a40,\"[2,2]\",-9,5", "executed_iters", "at least 0"},
                        {"rt,a,j,fern,1B,8,2,a40,\"[2,2]\",9,-5", "avg_iter_time_s", "from 0"},
                        {"rt,a,j,fern,1B,8,2,a40,\"2,2\",9,5", "locality", "in brackets"},
                        {"rt,a,j,fern,1B,8,2,a40,\"[2,]\",9,5", "locality", "in brackets"},
                        {"rt,a,j,fern,1B,8,2,a40,\"[2,0]\",9,5", "locality", "in brackets"},
                        {"rt,a,j,fern,1B,-8,2,a40,\"[2,2]\",9,5", "global_batch", "at least 1"}});
}

TEST_CASE("gavel: consolidated workers share servers, unconsolidated ones do not") {
  const std::string path = test::sample("gavel-throughputs.csv");
  const ThroughputTable table = read_table("gavel", path);
  const models::TrainingTask fern{"Fern-18 (batch size 32)", 32};
  CHECK(table.find(fern, "v100-16g", {1, 1}) == 2.0);
  CHECK(table.find(fern, "v100-16g", {1, 4}) == 1 / 1.75);
  CHECK(table.find(fern, "v100-16g", {2, 2}) == 0.8);  // on more servers than it takes
  CHECK(table.find(fern, "v100-16g", {4, 1}) == 0.8);
  CHECK(table.find(fern, "k80", {1, 1}) == 8.0);
  CHECK(table.find({"Reed", 0}, "k80", {1, 1}) == test::kNever);  // a rate of 0
  const ThroughputTable small = read_table("gavel", path, "{server_gpus: 2, v100: v100-32g}");
  CHECK(small.find(fern, "v100-32g", {2, 2}) == 1 / 1.75);
  CHECK(small.find(fern, "v100-32g", {4, 1}) == 0.8);
  CHECK_FALSE(small.find(fern, "v100-32g", {1, 4}));
  check_bad_table_rows("gavel", "worker_type,job_type,scale_factor,steps_per_s\nv100,Fern,2,5\n",
                       {{"v100,Fern,2,6", "steps_per_s", "stands twice"},
                        {"v100,Fern,4,-6", "steps_per_s", "0 (cannot run)"},
                        {"v100,Fern,4,inf", "steps_per_s", "0 (cannot run)"},
                        {"v100,Fern,0,6", "scale_factor", "at least 1"},
                        {"v100,Fern,5000,6", "steps_per_s", "at most 4096"},
                        {"v100,,4,6", "job_type", "an empty field"},
                        {",Fern,4,6", "worker_type", "an empty field"}});
}

TEST_CASE("gavel: the JSON holds the same, and a key twice is refused") {
  const ThroughputTable table = read_table("gavel", test::sample("gavel-throughputs.json"));
  CHECK(table.find({"Fern-18 (batch size 32)", 32}, "v100-16g", {1, 2}) == 2.0);
  for (const char* text :
       {R"x({"v100": {"('Reed', 1)": {"null": 1}, "('Reed', 1)": {"null": 2}}})x",
        R"x({"v100": {"('Reed', 1)": {"null": -1}}})x",
        R"x({"v100": {"('Reed', 1)": {"null": "a"}}})x",
        R"x({"v100": {"('Reed', 0)": {"null": 1}}})x", R"x({"v100": 1})x", R"x({"v100": )x", "{}"})
    table_refusal("gavel", text);
}

TEST_CASE("gavel: the values and levels of the JSON have a bound") {
  std::string many = R"x({"v100": {"('Reed', 1)": {"null": [0)x";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  std::string deep = R"x({"v100": {"('Reed', 1)": {"null": )x" + std::string(1'000'000, '[');
  for (const std::string& text : {many, deep})
    CHECK(table_refusal("gavel", test::gzipped(text)).sentence() ==
          "has more than 1,000,000 values or 16 levels, expected GPU types and their throughputs");
}

TEST_CASE("sia: a row is the batch of all replicas, and uneven placements are left out") {
  const std::string path = test::sample("sia-profiles");
  const ThroughputTable table = read_table("sia", path);
  CHECK(table.rows() == 10);
  CHECK(table.find({"fern", 64}, "t4", {1, 2}) == 0.3);
  CHECK(table.find({"fern", 128}, "t4", {1, 2}) == 0.425);
  CHECK(table.find({"fern", 128}, "t4", {2, 2}) == 0.35);
  CHECK(table.find({"fern", 32}, "2080ti", {1, 1}) == 0.125);
  CHECK(read_table("sia", path, "{clusters: {aws: k80}}").find({"fern", 32}, "k80", {1, 1}) ==
        0.25);
  CHECK_THROWS_AS(read_table("sia", path, "{clusters: {azure: t4}}"), base::Error);
  CHECK_THROWS_AS(read_table("sia", path, "{gpus_per_replica: 2}"), base::Error);
  const auto refused = [](const std::string& row, const char* key) {
    const test::TemporaryFile file("placement,local_bsz,step_time\n1,8,0.5\n" + row + "\n");
    ThroughputTable into;
    try {
      traces::read_sia_profile(file.path(), {"fern", "t4", 1}, into);
    } catch (const base::Error& error) {
      CHECK(error.where().line == 3);
      CHECK(error.where().key == key);
      return true;
    }
    return false;
  };
  CHECK(refused("1,8,0.5", "step_time"));  // twice
  CHECK(refused("1,9,-0.5", "step_time"));
  CHECK(refused("1,9,0", "step_time"));
  CHECK(refused("1,0,0.5", "local_bsz"));
  CHECK(refused("0,9,0.5", "placement"));
  CHECK(refused("1a,9,0.5", "placement"));
  CHECK(refused(",9,0.5", "placement"));
}

TEST_CASE("the published tables of the Crius artifact") {
  if (!available("throughputs/arena/optimal_iter_time.csv")) return;
  const ThroughputTable table =
      read_table("arena", data_path("throughputs/arena/optimal_iter_time.csv"));
  CHECK(table.rows() == 329);
  CHECK(table.find({"moe__690M", 256}, "a10", {2, 2}) == 4.233225);
  const ThroughputTable later =
      read_table("arena", data_path("throughputs/arena/optimal_iter_time_h100_l20.csv"));
  CHECK(later.rows() == 198);
  CHECK(later.find({"bert__1.3B", 128}, "h100", {2, 8}) == 1.072);
  const ThroughputTable real =
      read_table("arena-testbed", data_path("throughputs/arena/testbed_end_events.csv"));
  const auto seconds = real.find({"moe__690M", 256}, "a10", {2, 2});
  REQUIRE(seconds.has_value());
  CHECK(*seconds == doctest::Approx(3.7).epsilon(0.02));  // against 4.23 of the database
}

TEST_CASE("the published tables of Gavel, CSV and JSON alike") {
  if (!available("throughputs/gavel/isolated_physical.csv")) return;
  const ThroughputTable csv =
      read_table("gavel", data_path("throughputs/gavel/isolated_physical.csv"));
  const models::TrainingTask resnet{"ResNet-18 (batch size 16)", 16};
  CHECK(csv.find(resnet, "k80", {1, 1}) == 1 / 4.907044539018749);
  // 249 consolidated rows; of 165 spread ones over two, four and eight servers 1 + 2 + 3 each.
  CHECK(csv.rows() == 249 + 55 * (1 + 2 + 3));
  const std::string json = data_path("traces/gavel/physical_cluster_throughputs.json.gz");
  if (!std::filesystem::exists(json)) return;
  const ThroughputTable same = read_table("gavel", json);
  CHECK(same.rows() == csv.rows());
  CHECK(same.models() == csv.models());
  CHECK(same.find(resnet, "k80", {1, 1}) == csv.find(resnet, "k80", {1, 1}));
}

TEST_CASE("the published profiles of Sia") {
  if (!available("throughputs/sia/profiles")) return;
  const std::string path = data_path("throughputs/sia/profiles");
  const ThroughputTable table = read_table("sia", path);
  CHECK(table.find({"bert", 4}, "t4", {1, 1}) == 0.45532354712486267);
  CHECK(table.models() == std::vector<std::string>{"bert", "cifar10", "deepspeech2", "gpt_pmp",
                                                   "imagenet", "ncf", "yolov3"});
  CHECK(table.find({"gpt_pmp", 8}, "2080ti", {1, 8}) == 0.099);
}
