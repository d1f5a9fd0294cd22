#include "sim/worlds/training/placement.hpp"

#include <algorithm>

namespace orrery::training {

using platform::kWholeGpuMilli;
using platform::NodeId;
using platform::NodeShare;
using platform::Placement;
using platform::PlacementState;
using platform::TypeId;

namespace {

std::optional<NodeId> one_node(const PlacementState& state, TypeId type, std::int32_t gpus,
                               PlacementRule rule) {
  if (rule == PlacementRule::worst_fit) {
    const auto node = state.most_free(type);
    return node && state.free_on(*node) >= gpus ? node : std::nullopt;
  }
  const bool first = rule == PlacementRule::first_fit || rule == PlacementRule::pooled;
  return first ? state.first_sufficient(type, gpus) : state.fewest_sufficient(type, gpus);
}

/// The lowest-indexed wholly free node with so many GPUs.
std::optional<NodeId> wholly_free_node(const PlacementState& state, TypeId type,
                                       std::int32_t gpus) {
  auto node = state.next_wholly_free(type, NodeId(0));
  while (node && state.free_on(*node) < gpus)
    node = state.next_wholly_free(type, NodeId(node->index() + 1));
  return node;
}

void take(PlacementState& state, Placement& placement, NodeId node, std::int32_t gpus) {
  placement.push_back({node, gpus});
  state.take(placement.back());
}

/// Whole nodes in index order, then one node for the remainder.
std::optional<Placement> on_whole_nodes(PlacementState& state, TypeId type, std::int32_t gpus,
                                        PlacementRule rule) {
  Placement placement;
  NodeId from(0);
  while (gpus > 0) {
    const auto node = state.next_wholly_free(type, from);
    if (!node) break;
    const std::int32_t size = state.free_on(*node);
    if (size <= gpus) {
      take(state, placement, *node, size);
      gpus -= size;
    }
    from = NodeId(node->index() + 1);
  }
  if (gpus > 0) {
    const auto node = rule == PlacementRule::whole_nodes ? wholly_free_node(state, type, gpus)
                                                         : one_node(state, type, gpus, rule);
    if (!node) {
      give_back(state, placement);
      return std::nullopt;
    }
    take(state, placement, *node, gpus);
  }
  return placement;
}

/// Over as many nodes as it takes; the caller knows that enough GPUs are free.
Placement spread(PlacementState& state, TypeId type, std::int32_t gpus, PlacementRule rule) {
  Placement placement;
  while (gpus > 0) {
    const auto node =
        rule == PlacementRule::pooled ? state.first_sufficient(type, 1) : state.most_free(type);
    const std::int32_t here = std::min(gpus, state.free_on(*node));
    take(state, placement, *node, here);
    gpus -= here;
  }
  return placement;
}

std::optional<Placement> place_share(PlacementState& state, TypeId type, std::int32_t milli,
                                     PlacementRule rule) {
  NodeShare share;
  share.gpus = 1;
  share.milli = milli;
  if (const auto shared = state.tightest_shared(type, milli)) {
    share.node = shared->node;
    share.slots = std::uint64_t{1} << shared->slot;
  } else if (const auto node = one_node(state, type, 1, rule)) {
    share.node = *node;
  } else {
    return std::nullopt;
  }
  Placement placement{share};
  state.take(placement.back());
  return placement;
}

std::optional<Placement> place_in_type(PlacementState& state, TypeId type, const Demand& demand,
                                       PlacementRule rule) {
  if (demand.milli < 1000) return place_share(state, type, demand.milli, rule);
  if (state.free_gpus(type) < demand.gpus) return std::nullopt;
  if (rule == PlacementRule::pooled) return spread(state, type, demand.gpus, rule);
  if (rule == PlacementRule::worst_fit)
    return place_equally(state, type, models::best_locality(demand.gpus, state.largest_node(type)));
  if (demand.gpus <= state.largest_node(type)) {
    if (const auto node = one_node(state, type, demand.gpus, rule)) {
      Placement placement;
      take(state, placement, *node, demand.gpus);
      return placement;
    }
  } else if (auto placement = on_whole_nodes(state, type, demand.gpus, rule)) {
    return placement;
  }
  if (rule == PlacementRule::best_fit) return spread(state, type, demand.gpus, rule);
  return std::nullopt;
}

}  // namespace

std::vector<std::pair<std::string, PlacementRule>> placement_words() {
  return {{"consolidated", PlacementRule::consolidated}, {"first_fit", PlacementRule::first_fit},
          {"best_fit", PlacementRule::best_fit},         {"worst_fit", PlacementRule::worst_fit},
          {"whole_nodes", PlacementRule::whole_nodes},   {"pooled", PlacementRule::pooled}};
}

bool enough_free(const PlacementState& state, const Demand& demand) {
  return std::ranges::any_of(demand.types, [&](TypeId type) {
    return state.free_gpus(type) >= demand.gpus ||
           (demand.milli < kWholeGpuMilli && state.tightest_shared(type, demand.milli));
  });
}

std::optional<Placement> place(PlacementState& state, const Demand& demand, PlacementRule rule) {
  for (const TypeId type : demand.types) {
    if (auto placement = place_in_type(state, type, demand, rule)) return placement;
  }
  return std::nullopt;
}

std::optional<Placement> place_equally(PlacementState& state, TypeId type,
                                       models::Locality locality) {
  Placement placement;
  std::vector<NodeShare> hidden;  // the rest of chosen nodes, so that none is chosen twice
  for (std::int32_t n = 0; n < locality.nodes; ++n) {
    const auto node = state.most_free(type);
    if (!node || state.free_on(*node) < locality.gpus_per_node) break;
    take(state, placement, *node, locality.gpus_per_node);
    if (const std::int32_t rest = state.free_on(*node); rest > 0)
      state.take(hidden.emplace_back(NodeShare{*node, rest}));
  }
  for (const NodeShare& share : hidden) state.give(share);
  if (static_cast<std::int32_t>(placement.size()) == locality.nodes) return placement;
  give_back(state, placement);
  return std::nullopt;
}

void give_back(PlacementState& state, const Placement& placement) {
  for (const NodeShare& share : placement) state.give(share);
}

}  // namespace orrery::training
