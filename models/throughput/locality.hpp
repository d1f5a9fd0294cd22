// How the GPUs of one job lie: what, beside their type and number, its speed depends on.
#pragma once

#include <bit>
#include <cassert>
#include <compare>
#include <cstdint>

namespace orrery::models {

/// Equal shares of nodes of one GPU type: `nodes` x `gpus_per_node`
/// (docs/systems/crius.md, "Cells": a locality has no uneven shapes).
struct Locality {
  std::int32_t nodes = 1;
  std::int32_t gpus_per_node = 1;

  std::int32_t gpus() const { return nodes * gpus_per_node; }
  auto operator<=>(const Locality&) const = default;
};

/// Whether both its nodes and the GPUs on each are powers of two.
inline bool has_powers_of_two(Locality locality) {
  return locality.nodes > 0 && locality.gpus_per_node > 0 &&
         std::has_single_bit(static_cast<std::uint32_t>(locality.nodes)) &&
         std::has_single_bit(static_cast<std::uint32_t>(locality.gpus_per_node));
}

/// `gpus` on as few nodes as possible: one node where they fit, else whole nodes of
/// `node_capacity` (docs/systems/crius.md, "Cells"). Where they fill no whole number of nodes, the
/// fewest nodes that divide them evenly (ours). `node_capacity` is at least 1.
inline Locality best_locality(std::int32_t gpus, std::int32_t node_capacity) {
  assert(node_capacity > 0);
  if (gpus <= node_capacity) return {1, gpus};
  std::int32_t nodes = (gpus + node_capacity - 1) / node_capacity;
  while (gpus % nodes != 0) ++nodes;
  return {nodes, gpus / nodes};
}

}  // namespace orrery::models
