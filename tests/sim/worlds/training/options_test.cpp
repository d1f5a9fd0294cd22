// The keys of a training world: what each means, and which are refused.
#include <doctest/doctest.h>

#include "sim/worlds/training/options/training_options.hpp"
#include "tests/sim/experiment/files.hpp"

using namespace orrery::training;
using orrery::base::Node;
using orrery::experiment::test::error_of;
using orrery::experiment::test::Files;

namespace {

TrainingOptions read(const std::string& more) {
  const std::string workload = "workload: {generate: {philly: {jobs: 20, largest_gpus: 4}}}\n";
  const orrery::platform::PlatformConfig platform;
  return read_training_options(orrery::base::parse_yaml(workload + more, "e.yaml"), {platform});
}

}  // namespace

TEST_CASE("every key reaches its place") {
  const TrainingOptions o = read(
      "policy: {name: las, label: mine, promote: 4}\n"
      "restart_seconds: {1: 7, 8: 30, more: 60}\ncheckpoint: {every: 1 h, write: 5 s}\n"
      "migration: {state_per_gpu: 2 GB}\nround: 6 min\non_oversized_job: reject\n"
      "virtual_clusters: partition\njob_retries: 2\nrecords: {trace: false}\n");
  CHECK(o.policy.entry->name == "las");
  CHECK(o.policy.label == "mine");
  const auto config = o.training_cluster({});
  CHECK(config.restart.seconds(1) == 7);
  CHECK(config.restart.seconds(8) == 30);
  CHECK(config.restart.seconds(9) == 60);
  CHECK(config.checkpoint->every_seconds == 3600);
  CHECK(config.migration->state_bytes_per_gpu == 2e9);
  CHECK(config.round_seconds == 360);
  CHECK(config.on_oversized_job == OversizedJob::reject);
  CHECK(config.virtual_clusters == VirtualClusters::partition);
  CHECK(config.job_retries == 2);
  CHECK_FALSE(o.records.trace);
  CHECK(o.records.decisions);
}

TEST_CASE("what is left out costs nothing") {
  const TrainingOptions o = read("policy: {name: fifo}\n");
  CHECK(o.training_cluster({}).restart.seconds(64) == 0);
  CHECK_FALSE(o.training_cluster({}).checkpoint.has_value());
  CHECK(o.on_oversized_job == OversizedJob::fail);
}

TEST_CASE("what follows from two quantities has a bound") {
  const auto error = [](const std::string& more) { return error_of([&] { read(more); }); };
  CHECK(error("policy: {name: fifo}\nround: 99 ms\n") ==
        "found 99 ms, expected 0 s or at least 100 ms");
  CHECK(read("policy: {name: fifo}\nround: 100 ms\n").round_seconds == 0.1);
  CHECK(read("policy: {name: fifo}\nround: 0 s\n").round_seconds == 0);
  CHECK(error("policy: {name: fifo}\nstuck_after: 999\n") == "found 999, expected at least 1000");
  CHECK(read("policy: {name: fifo}\nstuck_after: 2000\n").training_cluster({}).stuck_after == 2000);
  CHECK(error("policy: {name: fifo}\nrestart_seconds: {more: 1e308}\n") ==
        "expected a number of seconds from 0 to 1e12, found '1e308'");
  const auto generated = [](const char* keys) {
    return error_of([&] {
      read_workload_source(
          orrery::base::parse_yaml(std::string("generate: {philly: ") + keys + "}", "e.yaml"));
    });
  };
  CHECK(generated("{jobs: 1000, mean_interarrival: 1e8 s}") == "");
  CHECK(generated("{jobs: 1001, mean_interarrival: 1e8 s}") ==
        "found 1001 jobs (jobs) that come every 1e+08 s (mean_interarrival), expected at most 1e11 "
        "seconds in all");
}

TEST_CASE("a workload is a trace or generated, and filtered") {
  const Files files;
  files.write("jobs.csv",
              "job_id,submit_seconds,gpus,duration_seconds,virtual_cluster\n"
              "a,0,1,5,x\nb,10,1,5,y\nc,20,1,5,x\n");
  const auto jobs_of = [&](const std::string& text) {
    Node node = orrery::base::parse_yaml(text, files.path() + "/e.yaml");
    std::string ids;
    for (const auto& job : make_workload(read_workload_source(node), 1).jobs) ids += job.id;
    return ids;
  };
  const std::string trace = "{trace: {format: auto, path: jobs.csv}";
  CHECK(jobs_of(trace + "}") == "abc");
  CHECK(jobs_of(trace + ", virtual_cluster: x}") == "ac");
  CHECK(jobs_of(trace + ", from_seconds: 5, limit: 1}") == "b");
  CHECK(error_of([&] { jobs_of(trace + ", from_seconds: 21}"); }).find("no job") !=
        std::string::npos);
  CHECK(error_of([&] { jobs_of("{limit: 1}"); }).find("neither") != std::string::npos);

  const auto generated =
      read_workload_source(orrery::base::parse_yaml("generate: {philly: {jobs: 30}}", "e.yaml"));
  CHECK(make_workload(generated, 1).jobs.size() == 30);
  CHECK(make_workload(generated, 1).jobs[7].duration_seconds !=
        make_workload(generated, 2).jobs[7].duration_seconds);
}

TEST_CASE("rules have a name, and the arena's have switches and needs") {
  const std::string policy = "policy: {name: fifo}\n";
  CHECK_FALSE(read(policy).rules.arena.has_value());
  CHECK_FALSE(read(policy + "rules: exact\n").rules.arena.has_value());
  const auto sentence = [&](const std::string& more) {
    return error_of([&] { read(policy + more); });
  };
  CHECK(sentence("rules: {name: exact, free_restarts: false}\n").find("belongs to 'name: arena'") !=
        std::string::npos);
  CHECK(sentence("rules: arean\n").find("did you mean 'arena'") != std::string::npos);
  CHECK(sentence("rules: {name: arena, early: false}\n").find("unknown key 'early'") !=
        std::string::npos);
  CHECK(sentence("rules: arena\n").find("need the length of a round") != std::string::npos);
  CHECK(sentence("rules: arena\nround: 300 s\n").find("need measured throughputs") !=
        std::string::npos);

  const Files files;
  const std::string table = "throughput: {table: {format: arena, path: \"" +
                            files.write("t.csv", "x\n") + "\"}}\nround: 300 s\n";
  CHECK(sentence(table + "rules: arena\ncheckpoint: {every: 1 h}\n").find("know no checkpoints") !=
        std::string::npos);
  const TrainingOptions o = read(policy + table +
                                 "rules: {name: arena, free_restarts: false}\n"
                                 "restart_seconds: {per_gpu: 10, at_most: 40}\n");
  REQUIRE(o.rules.arena.has_value());
  const auto config = o.arena_cluster(2100);
  CHECK_FALSE(config.quirks.free_restarts);
  CHECK(config.quirks.early_arrivals);
  CHECK(config.rounds == 7);
  CHECK(config.restart.seconds(8) == 40);
  // A horizon within a round still runs that round.
  CHECK(read(policy + table + "rules: arena\n").arena_cluster(301).rounds == 2);
}

TEST_CASE("policies are known or unknown") {
  const auto sentence = [](const std::string& policy) {
    return error_of([&] { read("policy: " + policy + "\n"); });
  };
  CHECK(sentence("{name: fifo}").empty());
  for (const char* const name : {"gandiva", "elasticflow", "gavel", "sia", "crius"})
    CHECK(sentence("{name: " + std::string(name) + "}").empty());
  CHECK(sentence("{name: fifi}").find("did you mean 'fifo'") != std::string::npos);
  CHECK(sentence("{name: fifo, label: a/b}").find("it names a directory") != std::string::npos);
  CHECK(sentence("{name: fifo, label: ..}").find("it names a directory") != std::string::npos);
  CHECK(sentence("{name: fifo, depth: 3}").find("unknown key 'depth'") != std::string::npos);
}
