// The typed experiment: what each key means, and where its paths lead.
#include <doctest/doctest.h>

#include "sim/experiment/expansion.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "sim/experiment/schema_lookup.hpp"
#include "tests/sim/experiment/files.hpp"

using namespace orrery::experiment;
using orrery::experiment::test::error_of;
using orrery::experiment::test::expand;
using orrery::experiment::test::Files;
using orrery::experiment::test::plain_experiment;

namespace {

Experiment read(const std::string& more) {
  return read_experiment(orrery::base::parse_yaml(plain_experiment() + more, "e.yaml"));
}

}  // namespace

TEST_CASE("the keys of the experiment as a whole reach their place") {
  const Experiment e = read(
      "description: d\npolicy: {name: las, label: mine}\nround: 6 min\nstop: {rounds: 10}\n"
      "seed: 18\n");
  CHECK(e.description == "d");
  CHECK(e.label() == "mine");
  CHECK(e.seed == 18);
  CHECK(e.horizon_seconds() == 3600);
  REQUIRE(e.worlds.size() == 1);
  CHECK(e.worlds.front().kind->name == "training-cluster");
  CHECK(e.seed_of(e.worlds.front()) == 18);
}

TEST_CASE("what is left out has the defaults that the schema tells") {
  const Experiment e = read("policy: {name: fifo}\n");
  CHECK(e.seed == 1);
  CHECK_FALSE(e.horizon_seconds().has_value());
  CHECK(schema_of("on_oversized_job").parameters.front().default_text == "fail");
  CHECK(schema_of("virtual_clusters").parameters.front().default_text == "ignore");
  CHECK(schema_of("seed").parameters.front().default_text == "1");
}

TEST_CASE("a list of one world without a name is the short form") {
  const auto ids = [](const std::string& text) {
    const Files files;
    const std::string path = files.write("e.yaml", text);
    return expand(load_document(path)).front().run_id;
  };
  const std::string rest = "name: a\ncluster: {nodes: [{count: 1, gpu: t4}]}\n";
  const std::string keys = "workload: {generate: {philly: {jobs: 5, largest_gpus: 4}}}";
  CHECK(ids(rest + keys + "\npolicy: {name: fifo}\n") ==
        ids(rest + "worlds: [{" + keys + ", policy: {name: fifo}}]\n"));
}

TEST_CASE("worlds of several have names, seeds of their own and keys of their own") {
  const Experiment e = read_experiment(orrery::base::parse_yaml(
      "name: two\nplatform: {nodes: [{count: 1, gpu: t4}]}\nworlds:\n"
      "  - {name: b, workload: {generate: {philly: {jobs: 5}}}, policy: {name: fifo}}\n"
      "  - {name: a, workload: {generate: {philly: {jobs: 5}}}, policy: {name: sjf}}\n",
      "e.yaml"));
  REQUIRE(e.worlds.size() == 2);
  CHECK(e.worlds[0].name == "a");
  CHECK(e.label() == "sjf+fifo");
  CHECK(e.seed_of(e.worlds[0]) != e.seed_of(e.worlds[1]));
}

TEST_CASE("only one rule to stop, and rounds need their length") {
  CHECK(error_of([] { read("policy: {name: fifo}\nstop: {at: exhaustion, seconds: 4}\n"); }) ==
        "expected one rule, at, seconds or rounds, found 2");
  CHECK(error_of([] {
          read("policy: {name: fifo}\nstop: {rounds: 4}\n");
        }).find("has no 'round'") != std::string::npos);
  CHECK(read("policy: {name: fifo}\nstop: {at: exhaustion}\n").horizon_seconds() == std::nullopt);
}
