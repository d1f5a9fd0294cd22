#include "sim/platform/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "models/hardware/gpu_catalog.hpp"

namespace orrery::platform {

namespace {

constexpr std::int64_t kMostGpus = 1'000'000;
constexpr std::int64_t kMostNodes = 1'000'000;
constexpr std::int32_t kMostGpusOfNode = 64;
constexpr std::size_t kMostTypes = 64;

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

void read_virtual_clusters(NodeGroup& out, const base::Node& node) {
  if (node.kind != base::Node::Kind::sequence) {
    const std::string name = base::detail::read_text(node);
    if (!name.empty()) out.virtual_clusters = {name};
    return;
  }
  for (const base::Node& item : node.items) {
    const std::string name = base::detail::read_text(item);
    if (name.empty()) throw base::Error(item.where, "found an empty name of a virtual cluster");
    if (std::ranges::find(out.virtual_clusters, name) != out.virtual_clusters.end())
      throw base::Error(item.where, "names the virtual cluster '" + name + "' a second time");
    out.virtual_clusters.push_back(name);
  }
  if (out.virtual_clusters.empty())
    throw base::Error(node.where, "expected at least one name of a virtual cluster");
}

}  // namespace

base::Declaration<NodeGroup> declare(const NodeGroup*) {
  base::Declaration<NodeGroup> d("Equal nodes.");
  d.integer("count", &NodeGroup::count, "how many nodes").at_least(1).at_most(kMostGpus);
  d.text("gpu", &NodeGroup::gpu,
         "GPU type, a name of the catalog (orrery list gpus) or the device of a profile; absent: "
         "nodes without GPUs");
  d.integer("gpus_per_node", &NodeGroup::gpus_per_node, "GPUs in each node; absent: 8")
      .at_least(1)
      .at_most(kMostGpusOfNode);
  d.integer("cores", &NodeGroup::cores, "processor cores of each node").at_least(0);
  d.number("memory", &NodeGroup::memory_bytes, base::Dimension::bytes, "memory of each node")
      .at_least(0);
  d.custom("virtual_cluster", "text or list of text", read_virtual_clusters,
           "virtual cluster that these nodes serve, or a list of several that share them; used "
           "under 'virtual_clusters: partition'");
  d.number("nic", &NodeGroup::nic_bytes_per_second, base::Dimension::bytes_per_second,
           "network rate of each node, per direction; absent: the fabric's")
      .at_least(1);
  return d;
}

TypeId Inventory::find_type(const std::string& name) const {
  const auto found = std::find(types.begin(), types.end(), name);
  if (found == types.end()) return TypeId{};
  return TypeId(static_cast<std::size_t>(found - types.begin()));
}

namespace {

/// Checks one group; `key` names a key of it.
void check_group(const NodeGroup& group, const std::vector<std::string>& more_types,
                 const std::function<base::Where(const std::string& key)>& place) {
  if (group.count < 1) {
    throw base::Error(place("count"),
                      "expected at least 1 node, found " + std::to_string(group.count));
  }
  if (group.gpu.empty()) {
    if (group.gpus_per_node)
      throw base::Error(place("gpus_per_node"),
                        "is given without 'gpu'; expected the GPU type of these nodes too");
    if (group.cores == 0 && group.memory_bytes == 0)
      throw base::Error(place("gpu"),
                        "the nodes have no device; expected 'gpu' (orrery list gpus), 'cores' or "
                        "'memory'");
    return;
  }
  if (group.gpus() < 1 || group.gpus() > kMostGpusOfNode) {
    throw base::Error(place("gpus_per_node"),
                      "expected 1 to 64 GPUs in a node, found " + std::to_string(group.gpus()));
  }
  check_gpu(group.gpu, more_types, place("gpu"));
}

TypeId type_of(Inventory& inventory, const NodeGroup& group, const base::Where& where) {
  if (group.gpu.empty()) return TypeId{};
  const TypeId known = inventory.find_type(group.gpu);
  if (!known.is_none()) return known;
  if (inventory.types.size() == kMostTypes)
    throw base::Error(where, fmt::format("is one GPU type more than the {} that one cluster may "
                                         "have",
                                         kMostTypes));
  inventory.types.push_back(group.gpu);
  return TypeId(inventory.types.size() - 1);
}

}  // namespace

Inventory make_inventory(const std::vector<NodeGroup>& groups, const base::Where& where,
                         const std::vector<std::string>& more_types) {
  if (groups.empty()) {
    throw base::Error(where, "the list of nodes is empty; at least one group is needed");
  }
  Inventory inventory;
  inventory.groups = groups;
  std::int64_t gpus = 0;
  std::int64_t nodes = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const NodeGroup& group = groups[g];
    check_group(group, more_types, [&](const std::string& key) { return place_of(where, g, key); });
    gpus += std::int64_t{group.count} * group.gpus();
    nodes += group.count;
    if (gpus > kMostGpus || nodes > kMostNodes) {
      const bool many_gpus = gpus > kMostGpus;
      throw base::Error(place_of(where, g, "count"),
                        many_gpus
                            ? fmt::format("the nodes up to here have {} GPUs; at most {} are "
                                          "supported",
                                          gpus, kMostGpus)
                            : fmt::format("found {} nodes up to here; at most {} are supported",
                                          nodes, kMostNodes));
    }
    const TypeId type = type_of(inventory, group, place_of(where, g, "gpu"));
    for (std::int32_t i = 0; i < group.count; ++i) {
      inventory.nodes.push_back(
          {type, group.gpus(), inventory.gpus, static_cast<std::uint32_t>(g)});
      inventory.gpus += group.gpus();
    }
  }
  return inventory;
}

}  // namespace orrery::platform
