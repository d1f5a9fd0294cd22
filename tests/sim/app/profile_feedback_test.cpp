// Profiles and pruned models as a person meets them: plans, experiments and prices change, and say
// what they rest on. The profiles are made up (tests/fixtures/profiles).
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/sim/app/command.hpp"
#include "tests/sim/app/planned.hpp"

using nlohmann::json;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;
using orrery::app::test::planned;

namespace {

const std::string kProfiles = ORRERY_SOURCE_DIR "/tests/fixtures/profiles/";
const std::string kGpu = kProfiles + "a100-40g.yaml";
const std::string kCpu = kProfiles + "cpu-made-up.yaml";

double best(const json& plan) {
  return plan["plans"][0]["iteration_seconds"];
}

const std::string kPartlyPrunedTrace =
    "job_id,submit_seconds,gpus,duration_seconds,model,iterations,batch_samples,pruning\n"
    "a,0,4,0,bert__1.3B,1000,128,\n"
    "b,0,4,0,bert__1.3B,1000,128,tw/0.75/128\n"
    "c,10,2,0,ResNet-50,1000,256,\n";

std::string crius_experiment(const std::string& estimator, const std::string& pruning = "",
                             const std::string& gpu = "a100-40g") {
  return "name: pruned\n"
         "cluster: {nodes: [{count: 3, gpu: " +
         gpu +
         ", gpus_per_node: 4}]}\n"
         "workload:\n"
         "  trace: {format: csv, path: jobs.csv}\n" +
         (pruning.empty() ? "" : "  pruning: " + pruning + "\n") +
         "throughput: {estimator: " + estimator +
         "}\n"
         "policy: {name: crius}\n"
         "restart_seconds: {more: 0}\n"
         "round: 300 s\n"
         "seed: 1\n";
}

json summary_of(const Folder& folder, const std::string& text, const std::string& out) {
  folder.write("jobs.csv", kPartlyPrunedTrace);
  folder.write("exp.yaml", text);
  const Outcome outcome = folder.orrery({"run", "exp.yaml", "--out", out});
  CHECK(outcome.err.empty());
  REQUIRE(outcome.code == 0);
  return json::parse(folder.read(out + "/summary.json"));
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a profile changes a plan, which names its hash and its error") {
  const Folder folder;
  const std::vector<std::string> asked{
      "bert__1.3B", "--gpus", "4", "--type", "a100-40g", "--batch", "128", "--gpus-per-node", "4"};
  const json before = planned(folder, asked);
  std::vector<std::string> with = asked;
  with.insert(with.end(), {"--profile", kGpu + "," + kCpu});
  const json after = planned(folder, with);
  CHECK(before["calibrated"] == false);
  CHECK(before["profile"].is_null());
  CHECK(after["calibrated"] == true);
  CHECK(best(after) != best(before));
  const json& profile = after["profile"];
  CHECK(profile["file"] == "a100-40g.yaml");
  CHECK(profile["sha256"].get<std::string>().size() == 64);
  CHECK(profile["held_out_error"]["median"] == 0.04);
  CHECK(profile["calibrated"] == "matrix products, memory (copy)");
  CHECK(holds(after["rests_on"], profile["sha256"].get<std::string>().substr(0, 8)));
  CHECK(holds(after["rests_on"], "4.0 % median, 11.0 % p90"));
  CHECK(planned(folder, with) == after);

  std::vector<std::string> text{"plan"};
  text.insert(text.end(), with.begin(), with.end());
  CHECK(holds(folder.orrery(text).out, profile["sha256"]));
}

TEST_CASE("a processor that only its profile knows can be planned on") {
  const Folder folder;
  const json plan = planned(folder, {"BERT-base", "--gpus", "1", "--type", "cpu-made-up", "--batch",
                                     "8", "--profile", kCpu});
  CHECK(plan["gpu_type"] == "cpu-made-up");
  CHECK(plan["calibrated"] == true);
  CHECK(plan["in_node_bytes_per_second"] == 4e9);
}

TEST_CASE("a pruned model is planned beside its dense one") {
  const Folder folder;
  const json plan = planned(folder, {"bert__1.3B", "--gpus", "4", "--type", "a100-40g", "--batch",
                                     "128", "--profile", kGpu, "--pruning", "tw/0.75"});
  CHECK(plan["pruned"]["pruning"] == "tw/0.75/128");
  CHECK(plan["pruned"]["products_calibrated"] == true);
  const double share = best(plan) / plan["pruned"]["dense_iteration_seconds"].get<double>();
  CHECK(share > 1.0 / 3);
  CHECK(share < 0.9);
}

TEST_CASE("a run says which devices are calibrated and what pruning changed") {
  const Folder folder;
  const json bare = summary_of(folder, crius_experiment("{}"), "bare");
  const json calibrated =
      summary_of(folder, crius_experiment("{profiles: ['" + kGpu + "']}"), "with");
  CHECK(bare["devices"][0]["calibrated"] == false);
  CHECK(calibrated["devices"][0]["calibrated"] == true);
  CHECK(calibrated["devices"][0]["held_out_error"]["p90"] == 0.11);
  CHECK(bare["run_id"] != calibrated["run_id"]);
  CHECK(bare["jct_seconds"] != calibrated["jct_seconds"]);
  REQUIRE(calibrated["pruned"].size() == 1);
  const json& row = calibrated["pruned"][0];
  CHECK(row["model"] == "bert__1.3B");
  CHECK(row["gpus"] == 4);
  CHECK(row["pruned_iteration_seconds"] < row["dense_iteration_seconds"]);
  CHECK(holds(row["rests_on"],
              calibrated["devices"][0]["profile_sha256"].get<std::string>().substr(0, 8)));
  CHECK(holds(bare["pruned"][0]["rests_on"], "uncalibrated"));
  CHECK(holds(folder.read("with/jobs.csv"), ",bert__1.3B,tw/0.75/128,"));
  // The page holds the same numbers.
  const std::string page = folder.read("with/report.html");
  CHECK(holds(page, row["pruned_iteration_seconds"].dump()));
  CHECK(holds(page, calibrated["devices"][0]["profile_sha256"]));
}

TEST_CASE("the same profile gives the same bytes, and a larger share prunes more jobs") {
  const Folder folder;
  const std::string estimator = "{profiles: ['" + kGpu + "']}";
  const auto pruned = [&](const std::string& share, const std::string& out) {
    const json summary = summary_of(
        folder, crius_experiment(estimator, "{pattern: tvw, sparsity: 0.75, share: " + share + "}"),
        out);
    return summary["notes"].dump();
  };
  CHECK(holds(pruned("0", "none"), "1 of 3 jobs"));
  CHECK(holds(pruned("1", "all"), "3 of 3 jobs"));
  pruned("1", "again");
  CHECK(folder.read("all/jobs.csv") == folder.read("again/jobs.csv"));
  CHECK(folder.read("all/summary.json") == folder.read("again/summary.json"));
  // What the trace says of a job stays.
  CHECK(holds(folder.read("all/jobs.csv"), "tw/0.75/128,"));
  CHECK(holds(folder.read("all/jobs.csv"), "tvw/0.75/128,"));
}

TEST_CASE("nodes may be of a device that only a profile has") {
  const Folder folder;
  const json summary = summary_of(
      folder, crius_experiment("{profiles: ['" + kCpu + "']}", "", "cpu-made-up"), "out");
  CHECK(summary["devices"][0]["type"] == "cpu-made-up");
  CHECK(summary["jobs"]["finished"] == 3);
}

TEST_CASE("a measured table and an estimate of what pruning changes make a pruned job's time") {
  const Folder folder;
  folder.write("table.csv",
               "model,params,global_batch,gpu_type,nodes,gpus_per_node,iter_time_s\n"
               "bert,1.3B,128,a100,1,4,7\n");
  std::string text = crius_experiment("{}");
  text.replace(text.find("{estimator: {}}"), 15,
               "{table: {format: arena, path: table.csv}, estimator: {}}");
  const json row = summary_of(folder, text, "out")["pruned"][0];
  CHECK(row["dense_iteration_seconds"] == 7);
  const json plan = planned(folder, {"bert__1.3B", "--gpus", "4", "--type", "a100-40g", "--batch",
                                     "128", "--gpus-per-node", "4", "--pruning", "tw/0.75"});
  const double share = best(plan) / plan["pruned"]["dense_iteration_seconds"].get<double>();
  CHECK(row["pruned_iteration_seconds"].get<double>() == doctest::Approx(7 * share).epsilon(0.02));
  CHECK(holds(row["rests_on"], "times a measured dense iteration"));
}

TEST_CASE("sparsity prices the products of each pattern") {
  const Folder folder;
  const Outcome bare = folder.orrery(
      {"sparsity", "--synthetic", "--pattern", "tw2,bw,ew,tw2m,tvw", "--device", "a100-40g"});
  CHECK(bare.code == 0);
  CHECK(holds(bare.out, "prices on a100-40g for 4096 tokens, uncalibrated: by its data sheet"));
  const Outcome priced = folder.orrery({"sparsity", "--synthetic", "--pattern", "tw2,tvw",
                                        "--profile", kGpu, "--tokens", "12800", "--layers"});
  CHECK(priced.code == 0);
  CHECK(holds(priced.out, "prices on a100-40g for 12800 tokens, by profile a100-40g.yaml ("));
  CHECK(holds(priced.out, "held-out error of products 4.0 % median"));
}
