// Collectives: alpha-beta forms by hand, and the interpolation of measured tables.
#include <doctest/doctest.h>

#include "models/base/random.hpp"
#include "models/training/device_costs.hpp"
#include "tests/models/training/support.hpp"

using namespace orrery::models;

namespace {

constexpr LinkCosts kLink{1e-5, 1e9};

GroupShape group(int ranks, int nodes, int rings = 1) {
  GroupShape shape;
  shape.ranks = ranks;
  shape.nodes = nodes;
  shape.rings_per_node = rings;
  shape.allocation_nodes = nodes;
  shape.allocation_gpus_per_node = ranks / nodes;
  return shape;
}

}  // namespace

TEST_CASE("ring forms by hand") {
  CHECK(ring_seconds(CollectiveOp::all_reduce, 4, 4e9, kLink) == doctest::Approx(6e-5 + 6));
  CHECK(ring_seconds(CollectiveOp::all_gather, 4, 4e9, kLink) == doctest::Approx(3e-5 + 3));
  CHECK(ring_seconds(CollectiveOp::reduce_scatter, 4, 4e9, kLink) == doctest::Approx(3e-5 + 3));
  CHECK(ring_seconds(CollectiveOp::all_to_all, 4, 4e9, kLink) == doctest::Approx(3e-5 + 3));
  CHECK(ring_seconds(CollectiveOp::send, 2, 4e9, kLink) == doctest::Approx(1e-5 + 4));
  CHECK(ring_seconds(CollectiveOp::all_reduce, 1, 4e9, kLink) == 0);
}

TEST_CASE("groups that leave a node together share its card") {
  const LinkCosts fast{0, 100e9};
  const LinkCosts card{0, 1e9};
  // One rank on each of two nodes: the whole buffer crosses.
  CHECK(alpha_beta_seconds(CollectiveOp::all_reduce, group(2, 2), 1e9, fast, card) ==
        doctest::Approx(1));
  CHECK(alpha_beta_seconds(CollectiveOp::all_reduce, group(2, 2, 4), 1e9, fast, card) ==
        doctest::Approx(4));
  CHECK(alpha_beta_seconds(CollectiveOp::send, group(2, 2, 2), 1e9, fast, card) ==
        doctest::Approx(2));
  // Four ranks on each of two nodes: half of the buffer of each rank goes to the other node.
  CHECK(alpha_beta_seconds(CollectiveOp::all_to_all, group(8, 2), 1e9, fast, card) ==
        doctest::Approx(2 + 3.0 / 8 / 100));
}

TEST_CASE("the hierarchical form is taken where it is cheaper") {
  // Many ranks and a latency across nodes that a flat ring would pay at every step.
  const LinkCosts in_node{1e-6, 100e9};
  const LinkCosts card{1e-3, 10e9};
  const double flat = ring_seconds(CollectiveOp::all_reduce, 32, 1e6, card);
  const double two_levels =
      alpha_beta_seconds(CollectiveOp::all_reduce, group(32, 4), 1e6, in_node, card);
  CHECK(two_levels < flat);
  const double by_hand = 2 * (7e-6 + 1e6 * 7 / 8 / 100e9)  // scatter and gather in the node
                         + 2 * (3e-3 + 1e6 / 8 * 3 / 4 / (10e9 / 8));
  CHECK(two_levels == doctest::Approx(by_hand));
}

TEST_CASE("a measured curve is interpolated as the Crius artifact does") {
  CollectiveTable table;
  const CollectiveKey key{CollectiveOp::all_reduce, 1, 2, 2, 1};
  CHECK(table.add(key, {200, 3}));
  CHECK(table.add(key, {100, 2}));
  CHECK_FALSE(table.add(key, {200, 4}));
  CHECK(*table.seconds(key, 10) == 2);     // below the smallest sample: its time
  CHECK(*table.seconds(key, 150) == 2.5);  // between samples: linear
  CHECK(*table.seconds(key, 200) == 3);
  CHECK(*table.seconds(key, 400) == 6);    // split, no penalty on a small table
  CHECK(*table.seconds(key, 550) == 8.5);  // 3 + 3 + T(150)
  CHECK_FALSE(table.seconds({CollectiveOp::send, 1, 2, 2, 1}, 10).has_value());
}

TEST_CASE("splitting a buffer costs a tenth more per part where the table reaches far") {
  CollectiveTable table;
  const CollectiveKey key{CollectiveOp::all_reduce, 1, 2, 2, 1};
  const double most = 536870912;
  table.add(key, {most / 2, 1});
  table.add(key, {most, 2});
  CHECK(*table.seconds(key, 2.5 * most) == doctest::Approx((2 + 2 + 1) * 1.1 * 1.1));
}

TEST_CASE("a group is looked up on its stage's nodes, then as if it were alone") {
  CollectiveTable table;
  const CollectiveKey strided{CollectiveOp::all_reduce, 2, 2, 2, 2};
  table.add(strided, {100, 7});
  table.add({CollectiveOp::all_reduce, 2, 1, 2, 1}, {100, 5});
  GroupShape shape;
  shape.ranks = 2;
  shape.nodes = 2;
  shape.stride = 2;
  shape.allocation_nodes = 2;
  shape.allocation_gpus_per_node = 2;
  CHECK(*table.seconds(CollectiveOp::all_reduce, shape, 100) == 7);
  shape.allocation_gpus_per_node = 4;
  shape.stride = 4;
  CHECK(*table.seconds(CollectiveOp::all_reduce, shape, 100) == 5);
  shape.ranks = 4;
  CHECK_FALSE(table.seconds(CollectiveOp::all_reduce, shape, 100).has_value());
}

TEST_CASE("links are taken from the largest measured all-reduce") {
  CollectiveTable table;
  table.add({CollectiveOp::all_reduce, 1, 2, 2, 1}, {1e9, 1});
  table.add({CollectiveOp::all_reduce, 1, 4, 4, 1}, {4, 6e-5});
  table.add({CollectiveOp::all_reduce, 1, 4, 4, 1}, {1e9, 0.75});
  table.add({CollectiveOp::all_reduce, 2, 4, 8, 1}, {1e9, 3.5});
  table.add({CollectiveOp::all_reduce, 4, 4, 16, 1}, {1e9, 9});
  auto device = orrery::test::plain_device();
  use_measured_collectives(device, &table);
  CHECK(device.in_node.bytes_per_second == doctest::Approx(2e9));
  CHECK(device.in_node.alpha_seconds == doctest::Approx(1e-5));
  CHECK(device.across_nodes.bytes_per_second == doctest::Approx(0.5e9));
  CHECK(device.measured == &table);
}

TEST_CASE("more bytes, more ranks and slower links never take less time") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    orrery::base::RandomStream random(seed, "collectives");
    CAPTURE(seed);
    const int nodes = 1 << random.below(4);
    const int ranks = nodes << random.below(4);
    const double bytes = 1e3 + 1e9 * random.uniform();
    const LinkCosts in_node{1e-5 * random.uniform(), 1e9 + 1e11 * random.uniform()};
    const LinkCosts card{1e-4 * random.uniform(), 1e8 + 1e10 * random.uniform()};
    const auto op = static_cast<CollectiveOp>(random.below(kCollectiveOps));
    const double seconds = alpha_beta_seconds(op, group(ranks, nodes), bytes, in_node, card);
    CHECK(seconds >= 0);
    CHECK(alpha_beta_seconds(op, group(ranks, nodes), 2 * bytes, in_node, card) >= seconds);
    const LinkCosts slower{card.alpha_seconds, card.bytes_per_second / 2};
    CHECK(alpha_beta_seconds(op, group(ranks, nodes), bytes, in_node, slower) >= seconds);
    CHECK(alpha_beta_seconds(op, group(ranks, nodes, 2), bytes, in_node, card) >= seconds);
  }
}
