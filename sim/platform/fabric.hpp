// The network between nodes: topology, links, routes. Rates only; who contends is the engine's.
//
// Links are full duplex: each direction is a link of its own. A star is one switch that never
// blocks, so only NICs count; a fat tree has racks whose uplinks carry the sum of their NICs over
// the oversubscription, and a core that never blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/parameters.hpp"
#include "sim/engine/engine.hpp"
#include "sim/platform/node.hpp"

namespace orrery::platform {

enum class Topology { star, fat_tree };
/// Of a fat tree: joined by a core that never blocks, or islands with no link between them.
enum class Racks { joined, separate };

/// `fabric: {topology: fat_tree, nodes_per_rack: 16, nic: 12.5 GB/s, oversubscription: 4}`.
struct FabricConfig {
  Topology topology = Topology::star;
  std::int32_t nodes_per_rack = 16;  ///< of a fat tree
  Racks racks = Racks::joined;
  double nic_bytes_per_second = 12.5e9;
  double oversubscription = 1;    ///< rack's NICs together over its uplink
  double latency_seconds = 5e-6;  ///< per link
};
base::Declaration<FabricConfig> declare(const FabricConfig*);

/// Hosts and links of a platform for the engine, and the route between two nodes.
class Fabric {
 public:
  Fabric(const FabricConfig& config, const Inventory& inventory);

  const engine::Resources& resources() const { return resources_; }
  /// False for nodes of racks that are separate.
  bool connects(NodeId from, NodeId to) const;
  /// Links from `from` to `to`, in order; empty when they are the same node. Throws base::Error
  /// (run_failed) for nodes that are not connected.
  std::vector<engine::LinkId> route(NodeId from, NodeId to) const;
  std::int32_t rack_of(NodeId node) const;
  std::int32_t racks() const;

 private:
  FabricConfig config_;
  engine::Resources resources_;
  std::vector<std::int32_t> rack_;
  std::int32_t racks_ = 0;
};

}  // namespace orrery::platform
