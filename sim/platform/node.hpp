// Nodes and the devices in them, as a configuration describes them and as worlds see them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/ids.hpp"
#include "models/base/parameters.hpp"

namespace orrery::platform {

struct NodeTag;
/// A node's index, in the order in which the configuration lists nodes.
using NodeId = base::Id<NodeTag>;
struct TypeTag;
/// A GPU type's index among the types this platform has, in order of first appearance.
using TypeId = base::Id<TypeTag>;

/// `nodes: [{count: 20, gpu: v100-32g, gpus_per_node: 8, cores: 64, memory: 512 GiB}]`: equal
/// nodes, each with GPUs, cores, memory, or several of them.
struct NodeGroup {
  std::int32_t count = 1;
  std::string gpu;  ///< a name of the catalog, or the device of a profile; empty: no GPU
  std::optional<std::int32_t> gpus_per_node;  ///< 1..64; absent: 8 where there is a `gpu`
  std::int32_t cores = 0;
  double memory_bytes = 0;
  /// Whose jobs these nodes serve, used under `virtual_clusters: partition`; empty: those of none.
  std::vector<std::string> virtual_clusters;
  std::optional<double> nic_bytes_per_second;  ///< absent: the fabric's

  std::int32_t gpus() const { return gpu.empty() ? 0 : gpus_per_node.value_or(8); }
};
base::Declaration<NodeGroup> declare(const NodeGroup*);

/// One node.
struct NodeInfo {
  TypeId type;  ///< of its GPUs; none: it has none
  std::int32_t gpus = 0;
  std::int32_t first_gpu = 0;  ///< index of its first GPU among all GPUs
  std::uint32_t group = 0;     ///< which NodeGroup it came from
};

/// All nodes, flat.
struct Inventory {
  std::vector<NodeInfo> nodes;
  std::vector<std::string> types;  ///< by TypeId
  std::vector<NodeGroup> groups;
  std::int32_t gpus = 0;  ///< in all

  TypeId find_type(const std::string& name) const;
};

/// Expands groups. Throws base::Error (at `where`) for a GPU type nobody knows, naming the nearest,
/// for a group without any device, and for more than a million GPUs or nodes or 64 GPU types.
/// `more_types` are known beside the catalog's.
Inventory make_inventory(const std::vector<NodeGroup>& groups, const base::Where& where,
                         const std::vector<std::string>& more_types = {});

}  // namespace orrery::platform
