// Who holds which device: never twice, never lost, whatever several holders do.
#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "models/base/random.hpp"
#include "sim/platform/ledger.hpp"

namespace {

using namespace orrery;
using platform::HolderId;
using platform::NodeId;
using platform::NodeShare;

platform::Inventory inventory() {
  std::vector<platform::NodeGroup> groups(3);
  groups[0].count = 2;
  groups[0].gpu = "v100-32g";
  groups[0].cores = 16;
  groups[1].count = 2;
  groups[1].cores = 64;
  groups[1].memory_bytes = 1e11;
  groups[2].gpu = "p100";
  groups[2].gpus_per_node = 4;
  return platform::make_inventory(groups, {});
}

struct Fixture {
  platform::Inventory all = inventory();
  engine::Engine engine;
  platform::Ledger ledger{all, engine};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what one holder takes is free for no other") {
  const HolderId a = ledger.add_holder("a");
  const HolderId b = ledger.add_holder("b");
  const auto& everything = ledger.index();
  CHECK(everything.free_gpus() == 20);
  NodeShare share{NodeId(0), 6};
  ledger.take(a, share);
  CHECK(ledger.held_milli(a) == 6000);
  CHECK(ledger.held_milli(b) == 0);
  CHECK_FALSE(everything.can_take({NodeId(0), 3}));
  CHECK(everything.can_take({NodeId(0), 2}));
  CHECK(ledger.holding_text(NodeId(0)) == "6 of its 8 GPUs held by 'a'");
  ledger.give(a, share);
  CHECK(everything.free_gpus() == 20);
  CHECK(ledger.fault().empty());
}

TEST_CASE_FIXTURE(Fixture, "indices of parts of the platform are kept in step") {
  const std::vector<NodeId> some{NodeId(0), NodeId(2)};
  const std::vector<NodeId> others{NodeId(1), NodeId(4)};
  const HolderId a = ledger.add_holder("a");
  const auto& first = ledger.index(a, some);
  const auto& second = ledger.index(a, others);
  NodeShare share{NodeId(0), 8};
  ledger.take(a, share);
  CHECK(first.free_gpus() == 0);
  CHECK(second.free_gpus() == 12);
  CHECK(ledger.index().free_gpus() == 12);
  ledger.give(a, share);
  CHECK(first.free_gpus() == 8);
}

TEST_CASE_FIXTURE(Fixture, "what others hold is not part of what is up for a holder") {
  const HolderId a = ledger.add_holder("a");
  const HolderId b = ledger.add_holder("b");
  const std::vector<NodeId> nodes{NodeId(0), NodeId(1)};
  const auto& own = ledger.index(a, nodes);
  const platform::TypeId type(0);
  NodeShare mine{NodeId(0), 3};
  NodeShare other{NodeId(0), 2};
  ledger.take(a, mine);
  ledger.take(b, other);
  CHECK(own.up_gpus(type) == 14);
  CHECK(own.free_gpus(type) == 11);
  CHECK(own.withheld_on(NodeId(0)) == other.slots);
  CHECK(ledger.index().up_gpus(type) == 16);
  ledger.give(b, other);
  CHECK(own.up_gpus(type) == 16);
  CHECK(own.withheld_on(NodeId(0)) == 0);
}

TEST_CASE_FIXTURE(Fixture, "a node without GPUs is a node: it has cores and memory") {
  const HolderId a = ledger.add_holder("a");
  CHECK(ledger.free_cores(NodeId(2)) == 64);
  CHECK(ledger.can_take({NodeId(2), 64, 1e11}));
  CHECK_FALSE(ledger.can_take({NodeId(2), 65, 0}));
  CHECK_FALSE(ledger.can_take({NodeId(2), 1, 2e11}));
  ledger.take(a, platform::NodeRoom{NodeId(2), 60, 9e10});
  CHECK(ledger.free_cores(NodeId(2)) == 4);
  CHECK(ledger.holding_text(NodeId(2)) == "60 of its 64 cores held by 'a'");
  ledger.give(a, platform::NodeRoom{NodeId(2), 60, 9e10});
  ledger.set_up(NodeId(2), false);
  CHECK(ledger.free_cores(NodeId(2)) == 0);
  CHECK_FALSE(ledger.can_take({NodeId(2), 1, 0}));
  ledger.set_up(NodeId(2), true);
  CHECK(ledger.free_cores(NodeId(2)) == 64);
}

TEST_CASE_FIXTURE(Fixture, "GPU time held and available follows the clock") {
  const HolderId a = ledger.add_holder("a");
  const HolderId guest = ledger.add_holder("guest");
  NodeShare share{NodeId(4), 1, 500};
  share.slots = 1;
  const auto at = [&](double seconds, const std::function<void()>& what) {
    engine.at(seconds, engine::Priority::timer, what);
  };
  // Nothing counts before the first take and after the last GPU was given back.
  at(100, [&] { ledger.take(a, share); });
  at(104, [&] { ledger.count_for(a, guest, 500); });
  at(108, [&] { ledger.count_for(guest, a, 500); });
  at(110, [&] { ledger.give(a, share); });
  at(120, [&] { ledger.set_up(NodeId(0), false); });
  at(130, [&] {
    CHECK(ledger.available_gpu_seconds() == doctest::Approx(10 * 20));
    ledger.take(a, share);
  });
  at(131, [&] { ledger.give(a, share); });
  at(1000, [&] { ledger.set_up(NodeId(0), true); });
  at(2000, [] {});
  engine.run();
  CHECK(ledger.held_gpu_seconds(a) == doctest::Approx(3.5));
  CHECK(ledger.held_gpu_seconds(guest) == doctest::Approx(2));
  CHECK(ledger.available_gpu_seconds() == doctest::Approx(20 * 20 + 11 * 12));
  CHECK(ledger.held_by_others_milli(guest, platform::TypeId(1)) == 0);
}

TEST_CASE_FIXTURE(Fixture, "random takes, gives and outages lose nothing") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed ", seed);
    base::RandomStream random(seed, "ledger test");
    struct Hold {
      HolderId holder;
      NodeShare share;
    };
    std::vector<Hold> holds;
    const HolderId holders[] = {ledger.add_holder("a"), ledger.add_holder("b")};
    for (int step = 0; step < 400; ++step) {
      const NodeId node(random.below(5));
      if (random.below(2) == 0 && all.nodes[node.index()].gpus > 0) {
        NodeShare share{node, static_cast<std::int32_t>(1 + random.below(4))};
        if (!ledger.index().can_take(share)) continue;
        const HolderId holder = holders[random.below(2)];
        ledger.take(holder, share);
        holds.push_back({holder, share});
      } else if (!holds.empty()) {
        const std::size_t which = random.below(holds.size());
        ledger.give(holds[which].holder, holds[which].share);
        holds.erase(holds.begin() + static_cast<std::ptrdiff_t>(which));
      }
      REQUIRE(ledger.fault() == "");
    }
    for (const Hold& hold : holds) ledger.give(hold.holder, hold.share);
    CHECK(ledger.index().free_gpus() == 20);
  }
}
