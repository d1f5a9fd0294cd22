// The index of free GPUs against a plain model of the same, under random takes and gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "models/base/random.hpp"
#include "sim/worlds/training/placement.hpp"

using namespace orrery;
using platform::NodeId;
using platform::NodeShare;
using platform::PlacementState;
using platform::TypeId;
using training::Demand;
using training::PlacementRule;

namespace {

platform::Inventory mixed_inventory() {
  std::vector<platform::NodeGroup> groups(3);
  groups[0].count = 40;
  groups[0].gpu = "v100-32g";
  groups[0].gpus_per_node = 8;
  groups[1].count = 30;
  groups[1].gpu = "a100-40g";
  groups[1].gpus_per_node = 4;
  groups[2].count = 10;
  groups[2].gpu = "v100-32g";
  groups[2].gpus_per_node = 4;
  return platform::make_inventory(groups, {});
}

std::vector<NodeId> all_nodes(const platform::Inventory& inventory) {
  std::vector<NodeId> nodes;
  for (std::size_t n = 0; n < inventory.nodes.size(); ++n) nodes.emplace_back(n);
  return nodes;
}

/// Free GPUs by scanning.
struct Plain {
  const platform::Inventory& inventory;
  std::vector<std::vector<int>> milli;  // by node and GPU; -1: down

  explicit Plain(const platform::Inventory& of) : inventory(of) {
    for (const auto& node : of.nodes) milli.emplace_back(static_cast<std::size_t>(node.gpus), 1000);
  }
  int free(std::size_t n) const {
    return static_cast<int>(std::count(milli[n].begin(), milli[n].end(), 1000));
  }
  std::optional<std::size_t> pick(TypeId type, int gpus, bool fewest) const {
    std::optional<std::size_t> best;
    for (std::size_t n = 0; n < milli.size(); ++n) {
      if (inventory.nodes[n].type != type || free(n) < gpus) continue;
      if (!best || (fewest && free(n) < free(*best))) best = n;
    }
    return best;
  }
  int total(TypeId type) const {
    int sum = 0;
    for (std::size_t n = 0; n < milli.size(); ++n)
      if (inventory.nodes[n].type == type) sum += free(n);
    return sum;
  }
};

void compare(const PlacementState& state, const Plain& plain) {
  for (std::size_t t = 0; t < plain.inventory.types.size(); ++t) {
    const TypeId type(t);
    REQUIRE(state.free_gpus(type) == plain.total(type));
    for (int gpus = 1; gpus <= 9; ++gpus) {
      const auto fewest = state.fewest_sufficient(type, gpus);
      const auto plain_fewest = plain.pick(type, gpus, true);
      REQUIRE(fewest.has_value() == plain_fewest.has_value());
      if (fewest) REQUIRE(fewest->index() == *plain_fewest);
      const auto first = state.first_sufficient(type, gpus);
      const auto plain_first = plain.pick(type, gpus, false);
      REQUIRE(first.has_value() == plain_first.has_value());
      if (first) REQUIRE(first->index() == *plain_first);
    }
  }
}

}  // namespace

TEST_CASE("the index agrees with a plain scan under random takes, gives and outages") {
  const platform::Inventory inventory = mixed_inventory();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed ", seed);
    base::RandomStream random(seed, "placement");
    PlacementState state(inventory, all_nodes(inventory));
    Plain plain(inventory);
    std::vector<NodeShare> taken;
    for (int step = 0; step < 600; ++step) {
      const std::size_t n = random.below(inventory.nodes.size());
      const int free = plain.free(n);
      if (random.below(2) == 0 && free > 0) {
        NodeShare share{NodeId(n),
                        1 + static_cast<int>(random.below(static_cast<std::uint64_t>(free)))};
        if (random.below(4) == 0) {
          share.gpus = 1;
          share.milli = 1 + static_cast<int>(random.below(999));
        }
        REQUIRE(state.can_take(share));
        state.take(share);
        for (std::size_t g = 0; g < plain.milli[n].size(); ++g)
          if ((share.slots >> g) & 1) plain.milli[n][g] -= share.milli;
        taken.push_back(share);
      } else if (!taken.empty()) {
        const std::size_t i = random.below(taken.size());
        const NodeShare share = taken[i];
        taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(i));
        state.give(share);
        auto& gpus = plain.milli[share.node.index()];
        for (std::size_t g = 0; g < gpus.size(); ++g)
          if ((share.slots >> g) & 1) gpus[g] += share.milli;
      }
      if (step % 10 == 0) compare(state, plain);
      for (std::size_t g = 0; g < plain.milli[n].size(); ++g)
        REQUIRE(state.free_milli(NodeId(n), static_cast<int>(g)) == plain.milli[n][g]);
    }
  }
}

TEST_CASE("a share goes to the tightest shared GPU, else to a free one") {
  const platform::Inventory inventory = mixed_inventory();
  PlacementState state(inventory, all_nodes(inventory));
  const auto share = [&](int milli) {
    const Demand demand{1, milli, {TypeId(0)}};
    return place(state, demand, PlacementRule::consolidated)->front();
  };
  const NodeShare first = share(500);
  const NodeShare second = share(700);
  CHECK(first.slots != second.slots);
  CHECK(share(300).slots == second.slots);  // 300 are left there, 500 on the first
  CHECK(share(400).slots == first.slots);
  CHECK(state.free_milli(second.node, std::countr_zero(second.slots)) == 0);
}

TEST_CASE("a refused placement leaves the state as it was") {
  const platform::Inventory inventory = mixed_inventory();
  PlacementState state(inventory, all_nodes(inventory));
  const int free_before = state.free_gpus(TypeId(1));
  const Demand too_large{121, 1000, {TypeId(1)}};
  for (const auto& [word, rule] : training::placement_words()) {
    CHECK_FALSE(place(state, too_large, rule).has_value());
    CHECK(state.free_gpus(TypeId(1)) == free_before);
  }
}

TEST_CASE("a node that is down offers nothing until it is back") {
  const platform::Inventory inventory = mixed_inventory();
  PlacementState state(inventory, all_nodes(inventory));
  state.set_up(NodeId(0), false);
  CHECK(state.first_sufficient(TypeId(0), 1)->index() == 1);
  CHECK(state.up_gpus(TypeId(0)) == 40 * 8 + 10 * 4 - 8);
  CHECK_FALSE(state.can_take({NodeId(0), 1}));
  state.set_up(NodeId(0), true);
  CHECK(state.first_sufficient(TypeId(0), 8)->index() == 0);
}

TEST_CASE("large jobs use nodes of both sizes of a type") {
  const platform::Inventory inventory = mixed_inventory();
  PlacementState state(inventory, all_nodes(inventory));
  const Demand everything{40 * 8 + 10 * 4, 1000, {TypeId(0)}};
  const auto placement = place(state, everything, PlacementRule::consolidated);
  REQUIRE(placement.has_value());
  CHECK(placement->size() == 50);
  CHECK(state.free_gpus(TypeId(0)) == 0);
}

TEST_CASE("nodes that are not members offer nothing, before, among and behind the members") {
  const platform::Inventory inventory = mixed_inventory();
  const std::vector<NodeId> members = {NodeId(38), NodeId(36), NodeId(72)};
  PlacementState state(inventory, members);
  for (const std::size_t other : {0U, 37U, 40U, 71U, 73U, 79U}) {
    INFO("node ", other);
    CHECK_FALSE(state.contains(NodeId(other)));
    CHECK_FALSE(state.is_up(NodeId(other)));
    CHECK(state.free_on(NodeId(other)) == 0);
    CHECK(state.free_milli(NodeId(other), 0) == 0);
    CHECK(state.withheld_on(NodeId(other)) == 0);
    CHECK_FALSE(state.can_take({NodeId(other), 1}));
  }
  CHECK(state.free_gpus(TypeId(0)) == 8 + 8 + 4);
  CHECK(state.free_gpus(TypeId(1)) == 0);
  CHECK(state.next_wholly_free(TypeId(0), NodeId(0))->index() == 36);
  CHECK(state.next_wholly_free(TypeId(0), NodeId(37))->index() == 38);
  CHECK(state.next_wholly_free(TypeId(0), NodeId(39))->index() == 72);
  CHECK_FALSE(state.next_wholly_free(TypeId(0), NodeId(73)).has_value());
  NodeShare half{NodeId(72), 1, 500};
  state.take(half);
  NodeShare other_half{NodeId(38), 1, 500};
  state.take(other_half);
  CHECK(state.tightest_shared(TypeId(0), 500)->node.index() == 38);
  CHECK(state.free_milli(NodeId(72), 0) == 500);
  NodeShare whole{NodeId(36), 8};
  state.take(whole);
  state.withhold(whole);
  CHECK(state.withheld_on(NodeId(36)) == 0xff);
  CHECK(state.first_sufficient(TypeId(0), 4)->index() == 38);
  state.restore(whole);
  state.give(whole);
  state.give(half);
  state.give(other_half);
  CHECK(state.free_gpus(TypeId(0)) == 20);
  const PlacementState nothing(inventory, {});
  CHECK(nothing.free_gpus() == 0);
  CHECK_FALSE(nothing.is_up(NodeId(0)));
  CHECK_FALSE(nothing.next_wholly_free(TypeId(0), NodeId(0)).has_value());
}

TEST_CASE("the largest node is the largest that is up") {
  const platform::Inventory inventory = mixed_inventory();
  std::vector<NodeId> members = {NodeId(0), NodeId(70), NodeId(71)};
  PlacementState state(inventory, members);
  const TypeId type = inventory.nodes[0].type;
  CHECK(state.largest_node(type) == 8);
  state.set_up(NodeId(0), false);
  CHECK(state.largest_node(type) == 4);
  state.set_up(NodeId(70), false);
  state.set_up(NodeId(71), false);
  CHECK(state.largest_node(type) == 0);
  state.set_up(NodeId(71), true);
  state.set_up(NodeId(0), true);
  CHECK(state.largest_node(type) == 8);
}
