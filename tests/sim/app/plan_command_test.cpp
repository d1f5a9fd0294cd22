// orrery plan, from outside: the table, the JSON, and what they must agree on.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sim/app/command.hpp"
#include "tests/sim/app/planned.hpp"

using nlohmann::json;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using orrery::app::test::planned;

TEST_CASE("plan prints the best plans, where their time goes and what they rest on") {
  const Folder folder;
  const Outcome outcome = folder.orrery({"plan", "bert__1.3B", "--gpus", "16", "--type", "a40",
                                         "--gpus-per-node", "2", "--batch", "128"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  for (const char* text :
       {"bert__1.3B, batch 128, on 8 nodes x 2 a40: 16 micro-batches, recompute full, 1f1b\n",
        "iteration  samples/s", "10 of ", "feasible plans shown",
        "with more replicas than samples in a micro-batch", "best plan, stage by stage",
        "a40: uncalibrated, data sheets", "published"})
    CHECK_MESSAGE(outcome.out.find(text) != std::string::npos, text);
  CHECK(outcome.out == folder
                           .orrery({"plan", "bert__1.3B", "--gpus", "16", "--type", "a40",
                                    "--gpus-per-node", "2", "--batch", "128"})
                           .out);
}

TEST_CASE("plans in JSON are sorted, and their parts add up") {
  const Folder folder;
  const json out = planned(
      folder, {"moe-2.4b", "--gpus", "8", "--type", "a100-40g", "--nodes", "2", "--plans", "1000"});
  CHECK(out["schema_version"] == 1);
  CHECK(out["model"] == "moe__2.4B");
  CHECK(out["nodes"] == 2);
  CHECK(out["gpus_per_node"] == 4);
  CHECK(out["calibrated"] == false);
  REQUIRE(out["plans"].size() == out["feasible_plans"]);
  double before = 0;
  for (const json& plan : out["plans"]) {
    const double total = plan["iteration_seconds"];
    CHECK(total >= before);
    before = total;
    double parts = 0;
    for (const char* part : {"compute_seconds", "intra_stage_seconds", "inter_stage_seconds",
                             "sync_seconds", "bubble_seconds", "overhead_seconds"})
      parts += plan[part].get<double>();
    CHECK(parts == doctest::Approx(total));
    CHECK(plan["samples_per_second"].get<double>() == doctest::Approx(256 / total));
    int gpus = 0;
    for (const json& stage : plan["stages"])
      gpus += stage["dp"].get<int>() * stage["tp"].get<int>();
    CHECK(gpus == 8);
  }
}

TEST_CASE("a slower card never makes the best plan faster, and options are heard") {
  const Folder folder;
  const std::vector<std::string> question{"wide_resnet__1B", "--gpus", "8", "--type", "a40",
                                          "--gpus-per-node", "2"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = question;
    all.insert(all.end(), more.begin(), more.end());
    return planned(folder, all);
  };
  const auto seconds = [](const json& out) {
    return out["plans"][0]["iteration_seconds"].get<double>();
  };
  CHECK(seconds(with({"--fabric", "10 Gbit/s"})) > seconds(with({"--fabric", "100 Gbit/s"})));
  const json changed = with({"--micro-batches", "4", "--recompute", "none", "--zero1"});
  CHECK(changed["micro_batches"] == 4);
  CHECK(changed["recompute"] == "none");
  CHECK(changed["zero1"] == true);
  CHECK(with({})["micro_batches"] == 16);
}

TEST_CASE("measured collectives are taken over") {
  const Folder folder;
  folder.write("table.csv",
               "gpu_type,nodes,gpus_per_node,fabric,op,replica_groups,group_size,bytes,time_s\n"
               "a40,1,2,ib,all-reduce,\"[[0,1]]\",2,4,0.00001\n"
               "a40,1,2,ib,all-reduce,\"[[0,1]]\",2,1000000000,0.1\n");
  const json out = planned(folder, {"bert__1.3B", "--gpus", "2", "--type", "a40", "--collectives",
                                    "table.csv", "--measured-fabric", "ib"});
  CHECK(out["measured_collectives"] == true);
  CHECK(out["in_node_bytes_per_second"].get<double>() == doctest::Approx(10e9));
}

TEST_CASE("list models names what plan knows") {
  const Folder folder;
  const Outcome outcome = folder.orrery({"list", "models"});
  CHECK(outcome.code == 0);
  for (const char* name : {"bert__1.3B", "moe__70B", "wide_resnet__13B", "gpt3-175B", "ResNet-50"})
    CHECK_MESSAGE(outcome.out.find(name) != std::string::npos, name);
}
