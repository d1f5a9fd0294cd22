#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "sim/platform/fabric.hpp"

namespace orrery::platform {
namespace {

// Ten nodes, the last two with NICs of their own.
Inventory ten_nodes() {
  NodeGroup plain;
  plain.count = 8;
  plain.gpu = "v100-32g";
  NodeGroup fast = plain;
  fast.count = 2;
  fast.nic_bytes_per_second = 50e9;
  return make_inventory({plain, fast}, {});
}

FabricConfig tree_config(double oversubscription) {
  FabricConfig config;
  config.topology = Topology::fat_tree;
  config.nodes_per_rack = 4;
  config.nic_bytes_per_second = 10e9;
  config.oversubscription = oversubscription;
  config.latency_seconds = 2e-6;
  return config;
}

std::vector<std::string> names(const Fabric& fabric, std::size_t from, std::size_t to) {
  std::vector<std::string> all;
  for (const engine::LinkId link : fabric.route(NodeId(from), NodeId(to))) {
    all.push_back(fabric.resources().links.at(link.index()).name);
  }
  return all;
}

double rate(const Fabric& fabric, const std::string& name) {
  for (const auto& link : fabric.resources().links) {
    if (link.name == name) return link.bytes_per_second;
  }
  return 0;
}

TEST_CASE("a star has two links per node and crosses the sender's up and the receiver's down") {
  FabricConfig config;
  config.nic_bytes_per_second = 10e9;
  const Fabric fabric(config, ten_nodes());
  CHECK(fabric.resources().hosts.size() == 10);
  CHECK(fabric.resources().links.size() == 20);
  CHECK(fabric.racks() == 1);
  CHECK(names(fabric, 2, 9) == std::vector<std::string>{"node-2 up", "node-9 down"});
  CHECK(names(fabric, 9, 2) == std::vector<std::string>{"node-9 up", "node-2 down"});
  CHECK(names(fabric, 3, 3).empty());
  CHECK(rate(fabric, "node-2 up") == 10e9);
  CHECK(rate(fabric, "node-9 down") == 50e9);
}

TEST_CASE("a fat tree passes racks only between racks, each uplink its NICs over the ratio") {
  const Fabric fabric(tree_config(4), ten_nodes());
  CHECK(fabric.racks() == 3);
  CHECK(fabric.rack_of(NodeId(3)) == 0);
  CHECK(fabric.rack_of(NodeId(4)) == 1);
  CHECK(fabric.rack_of(NodeId(9)) == 2);
  CHECK(names(fabric, 0, 3) == std::vector<std::string>{"node-0 up", "node-3 down"});
  CHECK(names(fabric, 1, 8) ==
        std::vector<std::string>{"node-1 up", "rack-0 up", "rack-2 down", "node-8 down"});
  CHECK(rate(fabric, "rack-0 up") == 4 * 10e9 / 4);
  CHECK(rate(fabric, "rack-2 down") == 2 * 50e9 / 4);
  CHECK(rate(Fabric(tree_config(8), ten_nodes()), "rack-0 up") == 5e9);
  for (const auto& link : fabric.resources().links) CHECK(link.latency_seconds == 2e-6);
}

TEST_CASE("every route leaves its node, enters the other, and never repeats a link") {
  const Fabric fabric(tree_config(2), ten_nodes());
  for (std::size_t from = 0; from < 10; ++from) {
    for (std::size_t to = 0; to < 10; ++to) {
      if (from == to) continue;
      const auto route = names(fabric, from, to);
      CHECK(route.front() == "node-" + std::to_string(from) + " up");
      CHECK(route.back() == "node-" + std::to_string(to) + " down");
      CHECK(route.size() == (from / 4 == to / 4 ? 2 : 4));
      // The way back is the same nodes and racks, seen from the other side.
      const auto back = names(fabric, to, from);
      for (std::size_t i = 0; i < route.size(); ++i) {
        CHECK(route[i].substr(0, 6) == back[route.size() - 1 - i].substr(0, 6));
        CHECK(route[i] != back[route.size() - 1 - i]);
      }
    }
  }
}

TEST_CASE("racks that are separate are islands") {
  FabricConfig config = tree_config(1);
  config.racks = Racks::separate;
  const Fabric fabric(config, ten_nodes());
  CHECK(fabric.connects(NodeId(0), NodeId(3)));
  CHECK(fabric.route(NodeId(0), NodeId(3)).size() == 2);
  CHECK_FALSE(fabric.connects(NodeId(3), NodeId(4)));
  CHECK_THROWS_WITH_AS(fabric.route(NodeId(3), NodeId(4)),
                       "the fabric does not connect node 3 with node 4: their racks are separate",
                       base::Error);
}

TEST_CASE("a fabric as YAML") {
  const auto read = [](const std::string& yaml) {
    return base::read<FabricConfig>(base::parse_yaml(yaml, "fabric.yaml"));
  };
  const FabricConfig config = read(
      "{topology: fat_tree, nodes_per_rack: 16, nic: 12.5 GB/s, oversubscription: 4, "
      "latency: 1 us}");
  CHECK(config.topology == Topology::fat_tree);
  CHECK(config.nodes_per_rack == 16);
  CHECK(config.nic_bytes_per_second == 12.5e9);
  CHECK(config.oversubscription == 4);
  CHECK(config.latency_seconds == doctest::Approx(1e-6).epsilon(1e-12));
  CHECK_THROWS_AS(read("{topology: ring}"), base::Error);
  CHECK_THROWS_AS(read("{oversubscription: 0}"), base::Error);
  CHECK_THROWS_AS(read("{nodes_per_rack: 0}"), base::Error);
  CHECK_THROWS_AS(read("{nic: 12.5}"), base::Error);
  CHECK_THROWS_AS(read("{latency: -1 us}"), base::Error);
}

}  // namespace
}  // namespace orrery::platform
