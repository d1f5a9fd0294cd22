#include "sim/platform/fabric.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>

namespace orrery::platform {

namespace {

// Links are full duplex, so each direction is a link of its own. In order: up and down of every
// node's NIC, then, in a fat tree, up and down of every rack.
engine::LinkId up_of(std::size_t index) {
  return engine::LinkId(2 * index);
}
engine::LinkId down_of(std::size_t index) {
  return engine::LinkId(2 * index + 1);
}

}  // namespace

base::Declaration<FabricConfig> declare(const FabricConfig*) {
  base::Declaration<FabricConfig> d("The network between nodes.");
  d.choice("topology", &FabricConfig::topology,
           {{"star", Topology::star}, {"fat_tree", Topology::fat_tree}},
           "star: one switch that never blocks; fat_tree: racks whose uplinks may");
  d.integer("nodes_per_rack", &FabricConfig::nodes_per_rack, "nodes below one rack switch")
      .at_least(1);
  d.choice("racks", &FabricConfig::racks,
           {{"joined", Racks::joined}, {"separate", Racks::separate}},
           "of a fat_tree: joined by a core that never blocks, or islands without a link between "
           "them");
  d.number("nic", &FabricConfig::nic_bytes_per_second, base::Dimension::bytes_per_second,
           "network rate of a node, per direction")
      .at_least(1);
  d.number("oversubscription", &FabricConfig::oversubscription, base::Dimension::none,
           "a rack's NICs together over its uplink; 1: the racks never block")
      .at_least(1e-6)
      .at_most(1e6);
  d.number("latency", &FabricConfig::latency_seconds, base::Dimension::time, "latency of each link")
      .at_least(0)
      .at_most(3600);
  return d;
}

Fabric::Fabric(const FabricConfig& config, const Inventory& inventory) : config_(config) {
  assert(config.nodes_per_rack >= 1 && config.oversubscription > 0);
  const std::size_t nodes = inventory.nodes.size();
  const bool tree = config.topology == Topology::fat_tree;
  const auto per_rack = tree ? static_cast<std::size_t>(config.nodes_per_rack) : nodes;
  const auto add_both_ways = [this](const std::string& name, double rate) {
    resources_.links.push_back({name + " up", rate, config_.latency_seconds});
    resources_.links.push_back({name + " down", rate, config_.latency_seconds});
  };
  std::vector<double> rack_rate;
  for (std::size_t n = 0; n < nodes; ++n) {
    const NodeGroup& group = inventory.groups[inventory.nodes[n].group];
    const double nic = group.nic_bytes_per_second.value_or(config.nic_bytes_per_second);
    const std::string name = "node-" + std::to_string(n);
    resources_.hosts.push_back({name});
    add_both_ways(name, nic);
    const std::size_t rack = n / per_rack;
    rack_.push_back(static_cast<std::int32_t>(rack));
    if (rack == rack_rate.size()) rack_rate.push_back(0);
    rack_rate[rack] += nic;
  }
  racks_ = static_cast<std::int32_t>(rack_rate.size());
  if (!tree) return;
  for (std::size_t rack = 0; rack < rack_rate.size(); ++rack) {
    add_both_ways("rack-" + std::to_string(rack), rack_rate[rack] / config.oversubscription);
  }
}

bool Fabric::connects(NodeId from, NodeId to) const {
  return config_.racks == Racks::joined || rack_of(from) == rack_of(to);
}

std::vector<engine::LinkId> Fabric::route(NodeId from, NodeId to) const {
  if (from == to) return {};
  if (!connects(from, to)) {
    throw base::Error({},
                      "the fabric does not connect node " + std::to_string(from.index()) +
                          " with node " + std::to_string(to.index()) + ": their racks are separate",
                      base::Fault::run_failed);
  }
  std::vector<engine::LinkId> links{up_of(from.index())};
  if (rack_of(from) != rack_of(to)) {
    const std::size_t first_rack = rack_.size();
    links.push_back(up_of(first_rack + static_cast<std::size_t>(rack_of(from))));
    links.push_back(down_of(first_rack + static_cast<std::size_t>(rack_of(to))));
  }
  links.push_back(down_of(to.index()));
  return links;
}

std::int32_t Fabric::rack_of(NodeId node) const {
  return rack_[node.index()];
}

std::int32_t Fabric::racks() const {
  return racks_;
}

}  // namespace orrery::platform
