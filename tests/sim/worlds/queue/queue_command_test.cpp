// A world registers itself, and the command knows it: run, validate, compare, sweep, resume,
// explain, page, schema and its faults.
#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/sim/app/command.hpp"

namespace {

using orrery::app::test::deterministic_files;
using orrery::app::test::Folder;
using orrery::app::test::Outcome;

/// Two worlds on one platform, in one of two orders.
std::string mixed(bool queue_first) {
  const std::string queue =
      "  - {name: service, kind: queue, requests: 200, interarrival: 2 s, servers: 2, request: 1 "
      "MB}\n";
  const std::string train =
      "  - {name: train, workload: {trace: {format: csv, path: jobs.csv}}, policy: {name: fifo}}\n";
  return "name: mixed\n"
         "platform: {nodes: [{count: 2, gpu: p100, gpus_per_node: 8}], network: shared}\n"
         "worlds:\n" +
         (queue_first ? queue + train : train + queue);
}

struct Fixture {
  Fixture() {
    ::setenv("ORRERY_BINARY", ORRERY_QUEUE, 1);
    folder.write("exp.yaml", mixed(true));
    folder.write("jobs.csv", orrery::app::test::small_trace());
  }
  Outcome good(const std::vector<std::string>& arguments) const {
    Outcome outcome = folder.orrery(arguments);
    INFO(outcome.err);
    REQUIRE(outcome.code == 0);
    return outcome;
  }
  std::string refused(const std::string& text) const {
    folder.write("bad.yaml", text);
    const Outcome outcome = folder.orrery({"compare", "bad.yaml", "--out", "bad"});
    CHECK(outcome.code == 2);
    return outcome.err;
  }
  Folder folder;
};

bool has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a run of two worlds has a folder of each, and what they share") {
  const Outcome run = good({"run", "exp.yaml", "--out", "out"});
  CHECK(has(run.out, "service: queue, policy c2"));
  CHECK(has(run.out, "train: training-cluster, policy fifo"));
  CHECK(folder.has("out/service/requests.csv"));
  CHECK(folder.has("out/train/jobs.csv"));
  const auto summary = nlohmann::json::parse(folder.read("out/summary.json"));
  CHECK(summary["policy"] == "c2+fifo");
  CHECK(summary["gpus_held"]["service"].get<double>() > 0);
  const std::string page = folder.read("out/report.html");
  CHECK(has(page, "Share of requests that waited no longer"));
  CHECK(has(page, "service: Queue"));
  CHECK(has(page, "train: Training jobs"));
}

TEST_CASE_FIXTURE(Fixture, "the order in which worlds are listed changes nothing") {
  folder.write("other.yaml", mixed(false));
  good({"run", "exp.yaml", "--out", "one"});
  good({"run", "other.yaml", "--out", "two"});
  good({"run", "exp.yaml", "--out", "again"});
  const auto one = deterministic_files(folder.path() + "/one");
  CHECK(one.size() >= 8);
  CHECK(one == deterministic_files(folder.path() + "/two"));
  CHECK(one == deterministic_files(folder.path() + "/again"));
}

TEST_CASE_FIXTURE(Fixture, "alone, a world has its files where they always are") {
  folder.write("alone.yaml",
               "name: alone\nkind: queue\nrequests: 50\n"
               "platform: {nodes: [{count: 1, gpu: p100, gpus_per_node: 2}]}\n");
  good({"run", "alone.yaml", "--out", "alone"});
  CHECK(folder.has("alone/requests.csv"));
  CHECK(has(good({"explain", "alone", "7"}).out, "request 7: come_seconds "));
  CHECK(has(folder.orrery({"explain", "alone", "77"}).err, "no row is of '77'"));
}

TEST_CASE_FIXTURE(Fixture, "compare, sweeps, resume and explain work by registration alone") {
  const std::string more = "sweep: {worlds.service.requests: [100, 200]}\nseeds: [1, 2]\n";
  std::string text = mixed(true);
  text.replace(text.find("servers: 2"), 10, "server_counts: [1, 2]");
  folder.write("sweep.yaml", text + more);
  const Outcome first = good({"compare", "sweep.yaml", "--out", "cmp"});
  CHECK(has(first.out, "8 runs made, 0 kept"));
  CHECK(has(first.out, "common wait"));
  CHECK(folder.has("cmp/requests-100/c1+fifo/1/service/requests.csv"));
  const Outcome second = good({"compare", "sweep.yaml", "--out", "cmp"});
  CHECK(has(second.out, "0 runs made, 8 kept"));
  CHECK(has(good({"explain", "cmp/requests-200/c2+fifo/2/service", "3"}).out, "request 3: "));
  CHECK(has(good({"explain", "cmp/requests-200/c2+fifo/2/train", "A"}).out, "Job A asked for"));
  const auto comparison = nlohmann::json::parse(folder.read("cmp/comparison.json"));
  CHECK(comparison["runs"].size() == 8);
  CHECK(has(folder.read("cmp/report.html"), "Share of requests that waited no longer"));
}

TEST_CASE_FIXTURE(Fixture, "a sweep over a training world's policy keeps the other world") {
  folder.write("sweep.yaml", mixed(true) + "sweep: {worlds.train.policy.name: [fifo, srtf]}\n");
  const Outcome out = good({"compare", "sweep.yaml", "--out", "cmp"});
  CHECK(has(out.out, "2 runs made"));
  CHECK(folder.has("cmp/name-srtf/c2+srtf/1/service/summary.json"));
}

TEST_CASE_FIXTURE(Fixture, "validate, list and schema know it") {
  CHECK(has(good({"validate", "exp.yaml"}).out, "train: 3 jobs"));
  CHECK(has(good({"list", "worlds"}).out, "queue"));
  CHECK(has(good({"schema", "worlds.interarrival"}).out, "for queue"));
}

TEST_CASE_FIXTURE(Fixture, "a training world's policy places the servers of a queue") {
  std::string text = mixed(true);
  text.replace(text.find("kind: queue"), 11, "kind: queue, placed_by: train");
  folder.write("placed.yaml", text);
  good({"run", "placed.yaml", "--out", "out"});
  const std::string decisions = folder.read("out/train/decisions.csv");
  CHECK(has(decisions, "service/0"));
  CHECK(has(decisions, "service/1"));
  const auto train = nlohmann::json::parse(folder.read("out/train/summary.json"));
  CHECK(train["jobs"]["submitted"] == 3);
  CHECK(train["jobs"]["finished"] == 3);
  // Replicas are in the files of the world that places them, in no figure of jobs, and their GPU
  // time is that of the service.
  CHECK(has(folder.read("out/train/jobs.csv"), "service/0,0,0,,replica,1,"));
  const auto shared = nlohmann::json::parse(folder.read("out/summary.json"))["gpus_held"];
  CHECK(shared["service"].get<double>() > shared["train"].get<double>());
  CHECK(nlohmann::json::parse(folder.read("out/service/summary.json"))["wait_seconds"]["mean"]
            .get<double>() >= 0);
}

TEST_CASE_FIXTURE(Fixture, "null below a world removes what stands there") {
  std::string text = mixed(true);
  text.replace(text.find("policy: {name: fifo}"), 20, "policy: {name: fifo}, round: 5 min");
  folder.write("round.yaml", text);
  good({"run", "round.yaml", "--out", "with"});
  CHECK(has(folder.read("with/experiment.yaml"), "round: 5 min"));
  good({"run", "round.yaml", "--out", "without", "--set", "worlds.train.round=null"});
  CHECK_FALSE(has(folder.read("without/experiment.yaml"), "round:"));
  good({"run", "round.yaml", "--out", "alone", "--set", "worlds[0]=null"});
  CHECK_FALSE(has(folder.read("alone/experiment.yaml"), "queue"));
}

TEST_CASE_FIXTURE(Fixture, "a run with a damaged file of one world is made again") {
  good({"compare", "exp.yaml", "--out", "cmp"});
  folder.write("cmp/c2+fifo/1/service/summary.json", "{");
  CHECK(has(good({"compare", "exp.yaml", "--out", "cmp"}).out, "1 runs made, 0 kept"));
}

TEST_CASE_FIXTURE(Fixture, "EASY reserves nothing on the GPUs of a replica, which has no end") {
  std::string text = mixed(true);
  text.replace(text.find("kind: queue"), 11, "kind: queue, placed_by: train");
  text.replace(text.find("policy: {name: fifo}"), 20, "policy: {name: easy}");
  text.replace(text.find("count: 2"), 8, "count: 1");
  folder.write("easy.yaml", text);
  good({"run", "easy.yaml", "--out", "out"});
  CHECK_FALSE(has(folder.read("out/train/decisions.csv"), "inf"));
  good({"explain", "out/train", "B"});
}

TEST_CASE_FIXTURE(Fixture, "faults of several worlds are one sentence each") {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = mixed(true);
    return text.replace(text.find(from), from.size(), to);
  };
  CHECK(has(refused(with("name: service", "name: train")), "two worlds are called 'train'"));
  CHECK(has(refused(with("servers: 2", "servers: 17")),
            "'service' asks for 17 GPUs, but the platform has 16"));
  CHECK(has(refused(with("kind: queue", "kind: queue, placed_by: trian")),
            "no world is called 'trian'; did you mean 'train'?"));
  CHECK(has(refused(with("kind: queue", "kind: queue, placed_by: service")),
            "'service' cannot place others"));
  CHECK(has(refused(with("kind: queue", "kind: queues")), "did you mean 'queue'?"));
  CHECK(has(refused(with("requests: 200", "policy: {name: fifo}, requests: 200")),
            "unknown key 'policy'"));
  CHECK(has(refused(mixed(true) + "sweep: {worlds.servise.requests: [1]}\n"),
            "did you mean 'service'?"));
  const auto placed = [&](const std::string& train) {
    std::string text = with("kind: queue", "kind: queue, placed_by: train");
    return text.replace(text.find("policy: {name: fifo}"), 20, train);
  };
  CHECK(has(refused(placed("policy: {name: fifo}, virtual_clusters: partition")),
            "cannot place service/0"));
  folder.write("jobs.csv", "job_id,submit_seconds,gpus,duration_seconds\nservice/1,0,1,5\n");
  CHECK(has(refused(placed("policy: {name: fifo}")), "jobs.csv:2: job service/1 has the name"));
  std::string same = mixed(true);
  same.replace(same.find("policy: {name: fifo}"), 20,
               "policies: [{name: fifo, label: x}, {name: srtf, label: x+y}]");
  same +=
      "  - {name: zoo, workload: {trace: {format: csv, path: jobs.csv}}, "
      "policies: [{name: fifo, label: y+z}, {name: las, label: z}]}\n";
  CHECK(has(refused(same), "two runs are called 'c2+x+y+z/1'"));
  CHECK(has(refused(with("servers: 2", "servers: 2, server_counts: [1, 2]")),
            "found both 'servers' and 'server_counts'"));
  CHECK(has(refused(mixed(true) + "round: 5 min\n"), "'round' stands beside 'worlds'"));
}
