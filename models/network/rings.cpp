#include "models/network/rings.hpp"

#include <cassert>

namespace orrery::models {

namespace {

// The node of a GPU by its coordinates.
struct Ranks {
  const PlanShape& plan;
  std::int32_t gpus_per_node;

  std::int32_t node(std::int32_t stage, std::int32_t replica, std::int32_t shard) const {
    return ((stage * plan.data + replica) * plan.tensor + shard) / gpus_per_node;
  }
};

void add(std::vector<NodeHop>& hops, std::int32_t from, std::int32_t to) {
  if (from != to) hops.push_back({from, to});
}

}  // namespace

std::vector<NodeHop> tensor_hops(const PlanShape& plan, std::int32_t gpus_per_node) {
  assert(gpus_per_node > 0);
  const Ranks ranks{plan, gpus_per_node};
  std::vector<NodeHop> hops;
  for (std::int32_t s = 0; s < plan.pipeline; ++s)
    for (std::int32_t r = 0; r < plan.data; ++r)
      for (std::int32_t t = 0; t < plan.tensor; ++t)
        add(hops, ranks.node(s, r, t), ranks.node(s, r, (t + 1) % plan.tensor));
  return hops;
}

std::vector<NodeHop> data_hops(const PlanShape& plan, std::int32_t gpus_per_node) {
  assert(gpus_per_node > 0);
  const Ranks ranks{plan, gpus_per_node};
  std::vector<NodeHop> hops;
  for (std::int32_t s = 0; s < plan.pipeline; ++s)
    for (std::int32_t t = 0; t < plan.tensor; ++t)
      for (std::int32_t r = 0; r < plan.data; ++r)
        add(hops, ranks.node(s, r, t), ranks.node(s, (r + 1) % plan.data, t));
  return hops;
}

std::vector<NodeHop> pipeline_hops(const PlanShape& plan, std::int32_t gpus_per_node) {
  assert(gpus_per_node > 0);
  const Ranks ranks{plan, gpus_per_node};
  std::vector<NodeHop> hops;
  for (std::int32_t s = 0; s + 1 < plan.pipeline; ++s) {
    for (std::int32_t r = 0; r < plan.data; ++r) {
      for (std::int32_t t = 0; t < plan.tensor; ++t) {
        add(hops, ranks.node(s, r, t), ranks.node(s + 1, r, t));
        add(hops, ranks.node(s + 1, r, t), ranks.node(s, r, t));
      }
    }
  }
  return hops;
}

}  // namespace orrery::models
