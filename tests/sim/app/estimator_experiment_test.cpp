// An experiment whose jobs run at what the estimator says, alone and behind a measured table.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/sim/app/command.hpp"

using nlohmann::json;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;

namespace {

const std::string kOneJobTrace =
    "job_id,submission_time,num_iteration,model_name,deadline,batch_size,num_gpu,gpu_type\n"
    "a,0,500,bert__1.3B,1e9,128,4,a40\n";

std::string fifo_experiment(const std::string& throughput) {
  return "name: estimated\n"
         "cluster:\n"
         "  nodes: [{count: 2, gpu: a40, gpus_per_node: 2}]\n"
         "  fabric: {nic: 25 Gbit/s}\n"
         "workload: {trace: {format: arena, path: jobs.csv}}\n"
         "throughput: " +
         throughput +
         "\n"
         "policy: {name: fifo}\n"
         "seed: 1\n";
}

/// When the one job finished, which came at second 0.
double finish_seconds(const Folder& folder, const std::string& out) {
  const std::string jobs = folder.read(out + "/jobs.csv");
  std::size_t cell = jobs.find('\n') + 1;
  for (int column = 0; column < 3; ++column) cell = jobs.find(',', cell) + 1;
  return std::stod(jobs.substr(cell));
}

double completion_seconds(const Folder& folder, const std::string& throughput,
                          const std::string& out) {
  folder.write("jobs.csv", kOneJobTrace);
  folder.write("exp.yaml", fifo_experiment(throughput));
  const Outcome outcome = folder.orrery({"run", "exp.yaml", "--out", out});
  CHECK(outcome.err.empty());
  REQUIRE(outcome.code == 0);
  return finish_seconds(folder, out);
}

}  // namespace

TEST_CASE("jobs run at the estimate of their best plan") {
  const Folder folder;
  const Outcome plan =
      folder.orrery({"plan", "bert__1.3B", "--gpus", "4", "--type", "a40", "--gpus-per-node", "2",
                     "--batch", "128", "--fabric", "25 Gbit/s", "--json"});
  REQUIRE(plan.code == 0);
  const double iteration = json::parse(plan.out)["plans"][0]["iteration_seconds"];
  // The artifact's traces count five times the iterations that its simulator runs.
  CHECK(completion_seconds(folder, "{estimator: {}}", "out") == doctest::Approx(100 * iteration));
}

TEST_CASE("a measured row goes before an estimate, and an estimate before nothing") {
  const Folder folder;
  folder.write("table.csv",
               "model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\n"
               "bert,1.3B,128,a40,2,2,7\n");
  folder.write("other.csv",
               "model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\n"
               "bert,1.3B,256,a40,2,2,7\n");
  const double estimated = completion_seconds(folder, "{estimator: {}}", "estimated");
  CHECK(completion_seconds(folder, "{table: {format: arena, path: table.csv}, estimator: {}}",
                           "measured") == doctest::Approx(700));
  CHECK(completion_seconds(folder, "{table: {format: arena, path: other.csv}, estimator: {}}",
                           "both") == doctest::Approx(estimated));
}

TEST_CASE("slower cards of the experiment slow estimates down") {
  const Folder folder;
  const double fast = completion_seconds(folder, "{estimator: {}}", "fast");
  folder.write("exp.yaml", fifo_experiment("{estimator: {}}"));
  const Outcome outcome =
      folder.orrery({"run", "exp.yaml", "--out", "slow", "--set", "cluster.fabric.nic=1 Gbit/s"});
  REQUIRE(outcome.code == 0);
  CHECK(finish_seconds(folder, "slow") > fast);
}
