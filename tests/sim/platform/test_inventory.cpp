#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "sim/platform/node.hpp"

namespace orrery::platform {
namespace {

const base::Where kNodesKey{"experiment.yaml", 3, 5, "cluster.nodes"};

NodeGroup group(std::int32_t count, const std::string& gpu, std::int32_t gpus_per_node) {
  NodeGroup g;
  g.count = count;
  g.gpu = gpu;
  g.gpus_per_node = gpus_per_node;
  return g;
}

base::Error error_of(const std::vector<NodeGroup>& groups) {
  try {
    make_inventory(groups, kNodesKey);
  } catch (const base::Error& error) {
    return error;
  }
  return base::Error({}, "nothing was thrown");
}

TEST_CASE("groups unfold in order into nodes, types and GPU indices") {
  const Inventory inventory = make_inventory(
      {group(2, "v100-32g", 8), group(1, "t4", 4), group(2, "v100-32g", 2)}, kNodesKey);
  REQUIRE(inventory.nodes.size() == 5);
  CHECK(inventory.types == std::vector<std::string>{"v100-32g", "t4"});
  CHECK(inventory.gpus == 24);
  std::int32_t first = 0;
  const std::vector<std::int32_t> gpus{8, 8, 4, 2, 2};
  const std::vector<std::size_t> types{0, 0, 1, 0, 0};
  const std::vector<std::uint32_t> groups{0, 0, 1, 2, 2};
  for (std::size_t n = 0; n < 5; ++n) {
    CAPTURE(n);
    CHECK(inventory.nodes[n].gpus == gpus[n]);
    CHECK(inventory.nodes[n].first_gpu == first);
    CHECK(inventory.nodes[n].type == TypeId(types[n]));
    CHECK(inventory.nodes[n].group == groups[n]);
    first += gpus[n];
  }
  CHECK(inventory.find_type("t4") == TypeId(1));
  CHECK(inventory.find_type("h100").is_none());
}

TEST_CASE("an unknown GPU names the nearest, at the key where it stands") {
  const base::Error error = error_of({group(1, "t4", 4), group(1, "a100-80gb", 8)});
  CHECK(error.where().key == "cluster.nodes[1].gpu");
  CHECK(error.where().line == 3);
  CHECK(error.sentence() == "no GPU type is called 'a100-80gb'; did you mean 'a100-80g'?");
}

TEST_CASE("a family name offers all its memory sizes, nonsense the list") {
  CHECK(error_of({group(1, "v100", 8)}).sentence() ==
        "no GPU type is called 'v100'; did you mean 'v100-16g' or 'v100-32g'?");
  CHECK(error_of({group(1, "xxxxxxxxxxxxxxxxxx", 8)}).sentence() ==
        "no GPU type is called 'xxxxxxxxxxxxxxxxxx'; 'orrery list gpus' shows all");
}

TEST_CASE("no nodes, impossible counts and more than a million GPUs are refused") {
  CHECK(error_of({}).sentence().find("empty") != std::string::npos);
  CHECK(error_of({group(0, "t4", 4)}).where().key == "cluster.nodes[0].count");
  CHECK(error_of({group(1, "t4", 65)}).where().key == "cluster.nodes[0].gpus_per_node");
  CHECK(error_of({group(1, "t4", 0)}).where().key == "cluster.nodes[0].gpus_per_node");
  CHECK(error_of({group(15625, "t4", 64), group(1, "t4", 1)}).sentence().find("1000001 GPUs") !=
        std::string::npos);
  CHECK(make_inventory({group(15625, "t4", 64)}, kNodesKey).gpus == 1000000);
  CHECK(error_of({group(2147483647, "t4", 64)}).where().key == "cluster.nodes[0].count");
}

TEST_CASE("a cluster has at most 64 GPU types") {
  std::vector<NodeGroup> groups;
  std::vector<std::string> types;
  for (int i = 0; i < 65; ++i) {
    types.push_back("device-" + std::to_string(i));
    groups.push_back(group(1, types.back(), 1));
  }
  const auto without_last = std::vector<NodeGroup>(groups.begin(), groups.end() - 1);
  CHECK(make_inventory(without_last, kNodesKey, types).types.size() == 64);
  try {
    make_inventory(groups, kNodesKey, types);
    FAIL("65 types were taken");
  } catch (const base::Error& error) {
    CHECK(error.where().key == "cluster.nodes[64].gpu");
    CHECK(error.sentence() == "is one GPU type more than the 64 that one cluster may have");
  }
}

TEST_CASE("a node group as YAML") {
  const auto read = [](const std::string& yaml) {
    return base::read<NodeGroup>(base::parse_yaml(yaml, "nodes.yaml"));
  };
  const NodeGroup full =
      read("{count: 20, gpu: v100-32g, gpus_per_node: 4, virtual_cluster: vc1, nic: 25 GB/s}");
  CHECK(full.count == 20);
  CHECK(full.gpu == "v100-32g");
  CHECK(full.gpus_per_node == 4);
  CHECK(full.virtual_clusters == std::vector<std::string>{"vc1"});
  CHECK(read("{cores: 1, virtual_cluster: [a, b]}").virtual_clusters ==
        std::vector<std::string>{"a", "b"});
  CHECK_THROWS_AS(read("{cores: 1, virtual_cluster: [a, a]}"), base::Error);
  CHECK_THROWS_AS(read("{cores: 1, virtual_cluster: []}"), base::Error);
  CHECK_THROWS_AS(read("{cores: 1, virtual_cluster: ['']}"), base::Error);
  CHECK_THROWS_AS(read("{cores: 1, virtual_cluster: {a: b}}"), base::Error);
  CHECK(full.nic_bytes_per_second == 25e9);
  const NodeGroup least = read("{gpu: t4}");
  CHECK(least.count == 1);
  CHECK(least.gpus() == 8);
  CHECK_FALSE(least.nic_bytes_per_second.has_value());
  CHECK_THROWS_AS(platform::make_inventory({read("{count: 2}")}, {}), base::Error);
  CHECK_THROWS_AS(read("{gpu: t4, count: 0}"), base::Error);
  CHECK_THROWS_AS(read("{gpu: t4, gpus_per_node: 65}"), base::Error);
  CHECK_THROWS_AS(read("{gpu: t4, nic: 0 GB/s}"), base::Error);
  CHECK_THROWS_AS(read("{gpu: t4, gpu_per_node: 4}"), base::Error);
}

}  // namespace
}  // namespace orrery::platform
