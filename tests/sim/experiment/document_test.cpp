// Loading: extends, --set, short forms, and which of two keys wins.
#include <doctest/doctest.h>

#include "models/base/document_paths.hpp"
#include "sim/experiment/experiment_document.hpp"
#include "tests/sim/experiment/files.hpp"

using namespace orrery::experiment;
using orrery::base::Node;
using orrery::experiment::test::error_of;
using orrery::experiment::test::Files;

namespace {

/// The text at a path; `-` where there is nothing.
std::string text_at(const Node& document, const std::string& path) {
  const Node* found = find_at(document, path);
  return found == nullptr ? "-" : found->text;
}

}  // namespace

TEST_CASE("extends merges mappings key by key, replaces lists, and goes over several files") {
  const Files files;
  files.write("base/ground.yaml",
              "name: ground\ncluster: {network: isolated, nodes: [{count: 1}, {count: 2}]}\n"
              "policy: {name: fifo, queue: blocking}\n");
  files.write("middle.yaml", "extends: base/ground.yaml\npolicy: {queue: skipping}\n");
  const std::string top =
      files.write("top.yaml", "extends: middle.yaml\nname: top\ncluster: {nodes: [{count: 7}]}\n");
  const Node document = load_document(top);
  CHECK(text_at(document, "name") == "top");
  CHECK(text_at(document, "policy.name") == "fifo");
  CHECK(text_at(document, "policy.queue") == "skipping");
  CHECK(text_at(document, "cluster.network") == "isolated");
  REQUIRE(find_at(document, "cluster.nodes")->items.size() == 1);
  CHECK(document.find("extends") == nullptr);
  // Values know the file that wrote them: paths are taken from there.
  CHECK(find_at(document, "policy.name")->where.file == files.path() + "/base/ground.yaml");
}

TEST_CASE("a circle of extends is an error with its files") {
  const Files files;
  const std::string a = files.write("a.yaml", "extends: b.yaml\n");
  files.write("b.yaml", "extends: sub/../c.yaml\n");
  files.write("c.yaml", "extends: a.yaml\n");
  files.write("sub/x", "");
  CHECK(error_of([&] { load_document(a); }) ==
        "'extends' goes in a circle: a.yaml -> b.yaml -> c.yaml -> a.yaml");
}

TEST_CASE("the later of two keys that exclude each other wins across files and --set") {
  const Files files;
  files.write("base.yaml",
              "policy: {name: las, label: mine, queue: skipping}\nseed: 4\n"
              "workload: {trace: {format: csv, path: x}}\nstop: {seconds: 5}\n");
  const std::string over =
      files.write("over.yaml",
                  "extends: base.yaml\npolicies: [fifo, sjf]\nseeds: [1, 2]\n"
                  "workload: {generate: {philly: {}}}\nstop: {at: exhaustion}\n");
  const Node document = load_document(over);
  CHECK(find_at(document, "policy.name") == nullptr);
  CHECK(find_at(document, "policy.label") == nullptr);
  CHECK(text_at(document, "policy.queue") == "skipping");
  CHECK(find_at(document, "seed") == nullptr);
  CHECK(find_at(document, "workload.trace") == nullptr);
  CHECK(find_at(document, "stop.seconds") == nullptr);

  const Node back = load_document(over, {"policy.name=srtf", "seed=9", "stop={rounds: 2}",
                                         "workload.trace={format: csv, path: y}"});
  CHECK(find_at(back, "policies") == nullptr);
  CHECK(text_at(back, "policy.name") == "srtf");
  CHECK(find_at(back, "seeds") == nullptr);
  CHECK(find_at(back, "workload.generate") == nullptr);
  CHECK(text_at(back, "workload.trace.path") == "y");
  CHECK(find_at(back, "stop.at") == nullptr);
  CHECK(text_at(back, "stop.rounds") == "2");
}

TEST_CASE("--set reads YAML, reaches into lists, and null removes") {
  const Files files;
  const std::string path = files.write("e.yaml",
                                       "cluster: {nodes: [{count: 1}, {count: 2}]}\n"
                                       "sweep: {a: [1]}\n");
  const Node document =
      load_document(path, {"cluster.nodes[1].count=20", "policy={name: fifo, queue: skipping}",
                           "sweep=null", "name=a=b"});
  CHECK(find_at(document, "cluster.nodes")->items[1].find("count")->text == "20");
  CHECK(find_at(document, "cluster.nodes")->items[0].find("count")->text == "1");
  CHECK(text_at(document, "policy.queue") == "skipping");
  CHECK(document.find("sweep") == nullptr);
  CHECK(text_at(document, "name") == "a=b");
  const auto& where = find_at(document, "policy.queue")->where;
  CHECK(where.file == "--set policy={name: fifo, queue: skipping}");
  CHECK(where.line == 0);
  CHECK(error_of([&] {
          load_document(path, {"cluster.nodes[2].count=1"});
        }).find("counted from 0") != std::string::npos);
}

TEST_CASE("keys written beside what they belong to move to the top") {
  const Files files;
  const std::string path =
      files.write("e.yaml",
                  "policy: {name: fifo, restart_seconds: {more: 5}}\n"
                  "workload: {on_oversized_job: reject}\ncluster: {virtual_clusters: partition}\n");
  const Node document = load_document(path, {"policy.restart_seconds={more: 6}"});
  CHECK(text_at(document, "restart_seconds.more") == "6");
  CHECK(find_at(document, "policy.restart_seconds") == nullptr);
  CHECK(text_at(document, "on_oversized_job") == "reject");
  CHECK(text_at(document, "virtual_clusters") == "partition");
}

TEST_CASE("the long form with one world is the short form") {
  const Files files;
  const std::string world =
      "kind: training-cluster, policy: {name: fifo}, workload: {generate: {philly: {}}}";
  const Node list = load_document(files.write("long.yaml", "name: n\nworlds: [{" + world + "}]\n"));
  CHECK(text_at(list, "kind") == "training-cluster");
  CHECK(text_at(list, "policy.name") == "fifo");
  CHECK(list.find("worlds") == nullptr);
  const std::string two = files.write("two.yaml", "worlds: [{kind: a}, {kind: b}]\n");
  CHECK(error_of([&] { load_document(two); }).find("no kind of world is called 'a'") !=
        std::string::npos);
  const std::string twice =
      files.write("twice.yaml", "kind: training-cluster\nworlds: [{kind: training-cluster}]\n");
  CHECK(error_of([&] { load_document(twice); }).find("given twice") != std::string::npos);
}
