#include "sim/platform/node.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/hardware/gpu_catalog.hpp"

namespace orrery::platform {

namespace {

constexpr std::int64_t kMostGpus = 1'000'000;

// The place of one key of one group: `cluster.nodes` becomes `cluster.nodes[2].gpu`.
base::Where place_of(const base::Where& nodes, std::size_t group, const std::string& key) {
  base::Where where = nodes;
  where.key += fmt::format("[{}].{}", group, key);
  return where;
}

void check_gpu(const std::string& name, const std::vector<std::string>& more_types,
               const base::Where& where) {
  if (models::find_gpu(name) != nullptr) return;
  if (std::find(more_types.begin(), more_types.end(), name) != more_types.end()) return;
  std::string sentence = "no GPU type is called '" + name + "'";
  const std::vector<std::string> near = models::suggest_gpus(name);
  for (std::size_t i = 0; i < near.size(); ++i) {
    sentence += i == 0 ? "; did you mean " : " or ";
    sentence += "'" + near[i] + "'";
  }
  sentence += near.empty() ? "; 'orrery list gpus' shows all" : "?";
  throw base::Error(where, sentence);
}

}  // namespace

base::Declaration<NodeGroup> declare(const NodeGroup*) {
  base::Declaration<NodeGroup> d("Equal nodes.");
  d.integer("count", &NodeGroup::count, "how many nodes").at_least(1).at_most(kMostGpus);
  d.text("gpu", &NodeGroup::gpu,
         "GPU type, a name of the catalog (orrery list gpus) or the device of a profile")
      .required();
  d.integer("gpus_per_node", &NodeGroup::gpus_per_node, "GPUs in each node")
      .at_least(1)
      .at_most(64);
  d.text("virtual_cluster", &NodeGroup::virtual_cluster,
         "virtual cluster that owns these nodes, used under 'virtual_clusters: partition'");
  d.number("nic", &NodeGroup::nic_bytes_per_second, base::Dimension::bytes_per_second,
           "network rate of each node, per direction; absent: the fabric's")
      .more_than(0);
  return d;
}

TypeId Inventory::find_type(const std::string& name) const {
  const auto found = std::find(types.begin(), types.end(), name);
  if (found == types.end()) return TypeId{};
  return TypeId(static_cast<std::size_t>(found - types.begin()));
}

Inventory make_inventory(const std::vector<NodeGroup>& groups, const base::Where& where,
                         const std::vector<std::string>& more_types) {
  if (groups.empty()) {
    throw base::Error(where, "the list of nodes is empty; at least one group is needed");
  }
  Inventory inventory;
  inventory.groups = groups;
  std::int64_t gpus = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const NodeGroup& group = groups[g];
    if (group.count < 1) {
      throw base::Error(place_of(where, g, "count"),
                        "expected at least 1 node, found " + std::to_string(group.count));
    }
    if (group.gpus_per_node < 1 || group.gpus_per_node > 64) {
      throw base::Error(
          place_of(where, g, "gpus_per_node"),
          "expected 1 to 64 GPUs in a node, found " + std::to_string(group.gpus_per_node));
    }
    check_gpu(group.gpu, more_types, place_of(where, g, "gpu"));
    gpus += std::int64_t{group.count} * group.gpus_per_node;
    if (gpus > kMostGpus) {
      throw base::Error(place_of(where, g, "count"),
                        "the nodes up to here have " + std::to_string(gpus) + " GPUs; at most " +
                            std::to_string(kMostGpus) + " are supported");
    }
    TypeId type = inventory.find_type(group.gpu);
    if (type.is_none()) {
      type = TypeId(inventory.types.size());
      inventory.types.push_back(group.gpu);
    }
    for (std::int32_t i = 0; i < group.count; ++i) {
      inventory.nodes.push_back(
          {type, group.gpus_per_node, inventory.gpus, static_cast<std::uint32_t>(g)});
      inventory.gpus += group.gpus_per_node;
    }
  }
  return inventory;
}

}  // namespace orrery::platform
