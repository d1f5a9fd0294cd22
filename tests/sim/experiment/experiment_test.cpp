// The typed experiment: what each key means, and where its paths lead.
#include <doctest/doctest.h>

#include <cstdlib>

#include "models/base/document_files.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/schema_lookup.hpp"
#include "tests/sim/experiment/files.hpp"

using namespace orrery::experiment;
using orrery::base::Node;
using orrery::base::scalar_node;
using orrery::experiment::test::error_of;
using orrery::experiment::test::Files;
using orrery::experiment::test::plain_experiment;

namespace {

Experiment read(const std::string& more) {
  return read_experiment(orrery::base::parse_yaml(plain_experiment() + more, "e.yaml"));
}

/// Sets an environment variable, and what it was at the end.
class Setting {
 public:
  Setting(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    if (value != nullptr)
      ::setenv(name, value, 1);
    else
      ::unsetenv(name);
  }
  ~Setting() {
    if (before_.empty())
      ::unsetenv(name_);
    else
      ::setenv(name_, before_.c_str(), 1);
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

 private:
  const char* name_;
  std::string before_;
};

}  // namespace

TEST_CASE("every key reaches its place") {
  const Experiment e = read(
      "description: d\npolicy: {name: las, label: mine, promote: 4}\n"
      "restart_seconds: {1: 7, 8: 30, more: 60}\ncheckpoint: {every: 1 h, write: 5 s}\n"
      "migration: {state_per_gpu: 2 GB}\nround: 6 min\non_oversized_job: reject\n"
      "virtual_clusters: partition\nstop: {rounds: 10}\nseed: 18\nrecords: {trace: false}\n");
  CHECK(e.policy.entry->name == "las");
  CHECK(e.policy.label == "mine");
  const auto config = e.training_cluster();
  CHECK(config.restart.seconds(1) == 7);
  CHECK(config.restart.seconds(8) == 30);
  CHECK(config.restart.seconds(9) == 60);
  CHECK(config.checkpoint->every_seconds == 3600);
  CHECK(config.migration->state_bytes_per_gpu == 2e9);
  CHECK(config.round_seconds == 360);
  CHECK(config.on_oversized_job == orrery::training::OversizedJob::reject);
  CHECK(config.virtual_clusters == orrery::training::VirtualClusters::partition);
  CHECK(config.seed == 18);
  CHECK(e.horizon_seconds() == 3600);
  CHECK_FALSE(e.records.trace);
  CHECK(e.records.decisions);
}

TEST_CASE("what is left out has the defaults that the schema tells") {
  const Experiment e = read("policy: {name: fifo}\n");
  CHECK(e.seed == 1);
  CHECK_FALSE(e.horizon_seconds().has_value());
  CHECK(e.training_cluster().restart.seconds(64) == 0);
  CHECK_FALSE(e.training_cluster().checkpoint.has_value());
  CHECK(e.on_oversized_job == orrery::training::OversizedJob::fail);
  CHECK(schema_of("on_oversized_job").parameters.front().default_text == "fail");
  CHECK(schema_of("virtual_clusters").parameters.front().default_text == "ignore");
  CHECK(schema_of("seed").parameters.front().default_text == "1");
}

TEST_CASE("only one rule to stop, and rounds need their length") {
  CHECK(error_of([] { read("policy: {name: fifo}\nstop: {at: exhaustion, seconds: 4}\n"); }) ==
        "expected one rule, at, seconds or rounds, found 2");
  CHECK(error_of([] {
          read("policy: {name: fifo}\nstop: {rounds: 4}\n");
        }).find("has no 'round'") != std::string::npos);
  CHECK(read("policy: {name: fifo}\nstop: {at: exhaustion}\n").horizon_seconds() == std::nullopt);
}

TEST_CASE("paths are taken from the file that names them") {
  const auto path = [](const std::string& text, const std::string& file) {
    return resolve_path(scalar_node(text, {file, 3, 4, "workload.trace.path"}));
  };
  CHECK(path("jobs.csv", "folder/e.yaml") == "folder/jobs.csv");
  CHECK(path("../jobs.csv", "folder/e.yaml") == "jobs.csv");
  CHECK(path("jobs.csv", "e.yaml") == "jobs.csv");
  CHECK(path("/data/jobs.csv", "folder/e.yaml") == "/data/jobs.csv");
  CHECK(path("a/jobs.csv", "--set workload.trace.path=a/jobs.csv") == "a/jobs.csv");
  {
    const Setting data("ORRERY_DATA", "/somewhere");
    CHECK(path("${ORRERY_DATA}/jobs.csv", "folder/e.yaml") == "/somewhere/jobs.csv");
  }
  const Setting none("ORRERY_DATA", nullptr);
  CHECK(error_of([&] {
          path("${ORRERY_DATA}/jobs.csv", "e.yaml");
        }).find("ORRERY_DATA is not set") != std::string::npos);
  CHECK(error_of([&] { path("${HOME}/jobs.csv", "e.yaml"); }).find("only variable") !=
        std::string::npos);
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
  const Experiment e = read(policy + table +
                            "rules: {name: arena, free_restarts: false}\nstop: {rounds: 7}\n"
                            "restart_seconds: {per_gpu: 10, at_most: 40}\n");
  REQUIRE(e.rules.arena.has_value());
  const auto config = e.arena_cluster();
  CHECK_FALSE(config.quirks.free_restarts);
  CHECK(config.quirks.early_arrivals);
  CHECK(config.rounds == 7);
  CHECK(config.restart.seconds(8) == 40);
  // A horizon within a round still runs that round.
  CHECK(read(policy + table + "rules: arena\nstop: {seconds: 301}\n").arena_cluster().rounds == 2);
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
