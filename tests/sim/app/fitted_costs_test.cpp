// Device costs that a fit left behind, in `orrery plan` and in experiments.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/sim/app/command.hpp"

using nlohmann::json;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;

namespace {

const std::string kProfile =
    std::string(ORRERY_SOURCE_DIR) + "/calibrate/profiles/searched-plans.csv";

Outcome plan(const Folder& folder, const std::vector<std::string>& more) {
  std::vector<std::string> words{"plan",    "bert__1.3B", "--gpus",          "4",
                                 "--type",  "a40",        "--gpus-per-node", "2",
                                 "--batch", "128",        "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return folder.orrery(words);
}

double iteration_seconds(const Outcome& outcome) {
  REQUIRE(outcome.code == 0);
  return json::parse(outcome.out)["plans"][0]["iteration_seconds"];
}

}  // namespace

TEST_CASE("the profile that ships brings an estimate to what was measured") {
  const Folder folder;
  // bert__1.3B with batch 128 on 2 nodes of 2 A40: 7.448 s (optimal_iter_time.csv).
  const double fitted = iteration_seconds(plan(folder, {"--costs", kProfile}));
  CHECK(fitted == doctest::Approx(7.448).epsilon(0.1));
  CHECK(iteration_seconds(plan(folder, {})) < 0.9 * fitted);
}

TEST_CASE("a costs file that cannot be read is refused") {
  const Folder folder;
  folder.write("costs.csv", "gpu_type,field,value\na40,sync_factor,much\n");
  const Outcome outcome = plan(folder, {"--costs", "costs.csv"});
  CHECK(outcome.code == 2);
  CHECK(outcome.err.find("costs.csv:2: value: found 'much'") != std::string::npos);
  folder.write("exp.yaml",
               "name: x\ncluster: {nodes: [{count: 1, gpu: a40, gpus_per_node: 2}]}\n"
               "workload: {trace: {format: csv, path: jobs.csv}}\n"
               "throughput: {estimator: {costs: absent.csv}}\npolicy: {name: fifo}\nseed: 1\n");
  folder.write("jobs.csv", "job_id,submit_seconds,gpus,duration_seconds\na,0,1,1\n");
  const Outcome run = folder.orrery({"run", "exp.yaml", "--out", "out"});
  CHECK(run.code == 2);
  CHECK(run.err.find("absent.csv") != std::string::npos);
}
