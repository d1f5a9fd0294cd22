// The collectives of a parallel plan as hops between the nodes of an allocation.
#pragma once

#include <cstdint>
#include <vector>

namespace orrery::models {

/// Degrees of a plan that is the same in every stage; their product is the number of GPUs.
struct PlanShape {
  std::int32_t data = 1;
  std::int32_t tensor = 1;
  std::int32_t pipeline = 1;

  std::int32_t gpus() const { return data * tensor * pipeline; }
  bool operator==(const PlanShape&) const = default;
};

/// From one node of an allocation to another, by their places in it.
struct NodeHop {
  std::int32_t from = 0;
  std::int32_t to = 0;
  bool operator==(const NodeHop&) const = default;
};

/// Hops that leave a node, of all groups of one kind together. GPUs are numbered node after node;
/// tensor-parallel peers are neighbours, then come data-parallel ones, then stages (ours, the
/// arrangement that Megatron made common). A ring runs through its members in order and back.
///
/// Of two nodes of four GPUs with tensor = 4 and data = 2, the four data-parallel rings hop over
/// and back: eight hops, each carrying what one ring carries.
std::vector<NodeHop> tensor_hops(const PlanShape& plan, std::int32_t gpus_per_node);
std::vector<NodeHop> data_hops(const PlanShape& plan, std::int32_t gpus_per_node);
/// From every GPU of a stage to its peer in the next one, and back.
std::vector<NodeHop> pipeline_hops(const PlanShape& plan, std::int32_t gpus_per_node);

}  // namespace orrery::models
