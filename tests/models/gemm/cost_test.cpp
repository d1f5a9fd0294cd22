// The cost of products: units, closed forms, and the properties that a scheduler relies on.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "models/base/error.hpp"
#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "tests/models/gemm/support.hpp"

using namespace orrery;
using namespace orrery::models::gemm;
using test::kTile;
using test::random_shape;
using test::round_machine;

TEST_CASE("one wave of tiles, in seconds") {
  GemmMachine machine = round_machine();
  machine.dense.overlap_loss = 0;
  machine.memory_bytes_per_second = 1e30;
  // 80 tiles of 128 x 128 on 100 slots of 0.9e12 operations per second each.
  const GemmCost cost = gemm_cost(dense_work({1280, 1024, 1024}), machine, kTile);
  const double expected = 2.0 * 128 * 128 * (1024 + 64) / 0.9e12;
  CHECK(cost.compute_seconds == doctest::Approx(expected));
  CHECK(cost.seconds == doctest::Approx(4e-6 + expected));
  CHECK(cost.dense_flops_per_second == doctest::Approx(2.0 * 1280 * 1024 * 1024 / cost.seconds));
  CHECK(cost.achieved_flops_per_second == cost.dense_flops_per_second);
}

TEST_CASE("compute and memory overlap but for a part of the shorter") {
  const GemmCost cost = gemm_cost(dense_work({64, 4096, 4096}), round_machine(), kTile);
  const double bytes = 2.0 * (64 * 4096 + 4096 * 4096 + 64 * 4096);
  CHECK(cost.memory_seconds == doctest::Approx(bytes / 0.8e12));
  CHECK(cost.seconds ==
        doctest::Approx(4e-6 + std::max(cost.memory_seconds, cost.compute_seconds) +
                        0.15 * std::min(cost.memory_seconds, cost.compute_seconds)));
}

TEST_CASE("the fastest candidate is taken") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "gemm candidates");
    const GemmMachine machine = round_machine();
    const GemmWork work = dense_work(random_shape(random));
    const GemmCost best = gemm_cost(work, machine);
    for (const Tile& tile : machine.tiles)
      CHECK(best.seconds <= gemm_cost(work, machine, tile).seconds);
    CHECK(best.seconds == gemm_cost(work, machine, best.tile, best.split).seconds);
  }
  // A long reduction for few outputs is split.
  CHECK(gemm_cost(dense_work({128, 256, 16384}), round_machine()).split == 4);
  // 2:4 of the artifact is a dense launch as well, TW is not cut.
  CHECK(gemm_cost(uniform_work({128, 256, 16384}, {}), round_machine()).split == 1);
}

TEST_CASE("more multiprocessors of the same kind never cost time") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "gemm multiprocessors");
    const GemmShape shape = random_shape(random);
    const GemmWork work = random.uniform() < 0.5
                              ? dense_work(shape)
                              : uniform_work(shape, {GemmKernel::tw, random.uniform(), 128, 0});
    double last = 1e9;
    for (std::int32_t count = 1; count <= 256; count += 5) {
      CAPTURE(count);
      GemmMachine machine = round_machine();
      machine.multiprocessors = count;
      machine.dense.flops_per_second = 1e12 * count;
      const double now = gemm_cost(work, machine).seconds;
      CHECK(now <= last * (1 + 1e-12));
      last = now;
    }
  }
}

TEST_CASE("2:4 halves the computation where the device can, and only saves bytes where not") {
  GemmMachine machine = round_machine();
  machine.dense.fill_rows = 0;
  const GemmShape shape{4096, 4096, 4096};
  const double dense = gemm_cost(dense_work(shape), machine, kTile).compute_seconds;
  const GemmCost sparse = gemm_cost(two_of_four_work(shape), machine, kTile);
  CHECK(sparse.compute_seconds == doctest::Approx(dense / 2));
  CHECK(sparse.achieved_flops_per_second == sparse.dense_flops_per_second / 2);
  machine.two_of_four_accelerated = false;
  CHECK(gemm_cost(two_of_four_work(shape), machine, kTile).compute_seconds == dense);
  machine.two_of_four = machine.dense;
  machine.two_of_four->flops_per_second /= 2;
  CHECK(gemm_cost(two_of_four_work(shape), machine, kTile).compute_seconds ==
        doctest::Approx(2 * dense));
}

TEST_CASE("rows that stand alone are gathered at the machine's efficiency") {
  CHECK(gather_factor(0.8, 0) == 1);
  CHECK(gather_factor(0.8, 1) == doctest::Approx(0.8));
  CHECK(gather_factor(0.8, 4) == doctest::Approx(0.95));
}

TEST_CASE("each added term only ever costs, and is neutral by default") {
  const GemmWork work = dense_work({64, 2048, 8192});
  const GemmMachine plain = round_machine();
  const double before = gemm_cost(work, plain, kTile, 2).seconds;
  GemmMachine machine = plain;
  machine.dense.split_seconds = 3e-6;
  CHECK(gemm_cost(work, machine, kTile, 2).seconds == doctest::Approx(before + 3e-6));
  CHECK(gemm_cost(work, machine, kTile, 1).seconds == gemm_cost(work, plain, kTile, 1).seconds);
  machine = plain;
  machine.dense.row_seconds = 1e-6;
  CHECK(gemm_cost(work, machine, kTile, 2).compute_seconds == doctest::Approx((4096 + 64) * 1e-6));
  machine = plain;
  machine.dense.throttle_depth = 1;
  machine.dense.throttle_seconds = 1e-12;
  CHECK(gemm_cost(work, machine, kTile).compute_seconds ==
        doctest::Approx(2 * gemm_cost(work, plain, kTile).compute_seconds).epsilon(1e-3));
  machine = plain;
  machine.dense.cache_speedup = 4;  // 34 MB of a cache of 40: two thirds stay
  const double share = 1.5 - gemm_cost(work, plain, kTile).traffic.bytes() / 40e6;
  CHECK(gemm_cost(work, machine, kTile).memory_seconds ==
        doctest::Approx(gemm_cost(work, plain, kTile).memory_seconds * (1 - 0.75 * share)));
}

TEST_CASE("a matrix pruned whole still starts, a stream for each panel starts more") {
  models::sparsity::TileLayout layout;
  layout.rows = 128;
  layout.columns = 128;
  CHECK(gemm_cost(tile_work(layout, 64), round_machine()).seconds == doctest::Approx(4e-6));
  GemmWork work = uniform_work({512, 1024, 1024}, {});
  GemmMachine machine = round_machine();
  machine.dense.launch_seconds = 2e-6;
  const double one = gemm_cost(work, machine).seconds;
  work.launches = 8;
  CHECK(gemm_cost(work, machine).seconds == doctest::Approx(one + 14e-6));
}

TEST_CASE("machines that nothing can run on are refused by the name of the constant") {
  const auto refused = [](auto&& change) {
    GemmMachine machine = round_machine();
    change(machine);
    try {
      check(machine);
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refused([](GemmMachine&) {}).empty());
  CHECK(refused([](GemmMachine& m) { m.multiprocessors = 0; }) ==
        "round: multiprocessors: found 0, expected a number above 0");
  CHECK(refused([](GemmMachine& m) { m.tiles.clear(); }) ==
        "round: tiles: found 0, expected at least one tile");
  CHECK(refused([](GemmMachine& m) { m.dense.flops_per_second = -1; }).find("flops_per_second") !=
        std::string::npos);
  CHECK(refused([](GemmMachine& m) {
          m.dense.bandwidth_fraction = 1.5;
        }).find("bandwidth_fraction: found 1.5") != std::string::npos);
  CHECK(refused([](GemmMachine& m) {
          m.two_of_four.emplace().tile_efficiency[2] = 0;
        }).find("tile_efficiency") != std::string::npos);
}
