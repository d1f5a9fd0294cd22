// Products in strips of tokens: what a processor's thread takes, waits for and reads twice.
#include <doctest/doctest.h>

#include <cmath>

#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/strips.hpp"

using namespace orrery;
using namespace orrery::models::gemm;

namespace {

constexpr double kSlotFlops = 1e10;

/// Strips of 48 tokens, pieces of 256 columns, blocks of 512 rows, 2 MiB for each thread.
GemmMachine processor(int threads) {
  GemmMachine machine;
  machine.name = "processor";
  machine.multiprocessors = threads;
  machine.cache_bytes = 2 << 20;
  machine.memory_bytes_per_second = 1e10 * threads;
  machine.depth_step = 512;
  machine.tiles = {
      {48, 256, TileClass::large}, {32, 256, TileClass::square}, {16, 256, TileClass::half}};
  machine.order = TileOrder::strips;
  machine.two_of_four_accelerated = false;
  machine.dense.start_seconds = 0;
  machine.dense.flops_per_second = kSlotFlops * threads;
  machine.dense.tile_efficiency = {1, 0.8, 0.5, 1};
  machine.dense.bandwidth_fraction = 1;
  machine.dense.fill_rows = 10;
  machine.dense.overlap_loss = 1;
  return machine;
}

GemmWork dense(std::int64_t m, std::int64_t n, std::int64_t k) {
  GemmWork work = dense_work({m, n, k});
  work.element_bytes = 4;
  return work;
}

double compute(const GemmWork& work, const GemmMachine& machine) {
  return strips_seconds(work, machine, machine.dense, kSlotFlops);
}

/// Of `tokens` paid at `efficiency` through all columns.
double expected(double tokens, double n, double k, double blocks, double efficiency = 1) {
  return 2 * tokens * n * (k + 10 * blocks) / (kSlotFlops * efficiency);
}

}  // namespace

TEST_CASE("full strips take their share of the rate, and each block of K its sums") {
  const GemmMachine one = processor(1);
  CHECK(compute(dense(96, 512, 512), one) == doctest::Approx(expected(96, 512, 512, 1)));
  CHECK(compute(dense(96, 512, 513), one) == doctest::Approx(expected(96, 512, 513, 2)));
}

TEST_CASE("the last strip takes the narrowest tile that holds it, at that tile's efficiency") {
  const GemmMachine one = processor(1);
  const double full = expected(48, 100, 300, 1);
  struct Last {
    std::int64_t rest;
    double paid;
    double efficiency;
  };
  for (const Last& last : {Last{1, 16, 0.5}, Last{16, 16, 0.5}, Last{17, 32, 0.8},
                           Last{32, 32, 0.8}, Last{33, 48, 1}}) {
    CAPTURE(last.rest);
    CHECK(compute(dense(48 + last.rest, 100, 300), one) ==
          doctest::Approx(full + expected(last.paid, 100, 300, 1, last.efficiency)));
  }
}

TEST_CASE("threads share whole strips, and where there are fewer, pieces of panels") {
  const GemmMachine two = processor(2);
  const double strip = expected(48, 512, 512, 1);
  CHECK(compute(dense(96, 512, 512), two) == doctest::Approx(strip));
  CHECK(compute(dense(144, 512, 512), two) == doctest::Approx(2 * strip));
  // One strip: the two pieces of 256 columns run side by side.
  CHECK(compute(dense(48, 512, 512), two) == doctest::Approx(strip / 2));
  CHECK(compute(dense(48, 256, 512), two) == doctest::Approx(strip / 2));
}

TEST_CASE("a panel's rows are looked up once for each set of strips") {
  GemmMachine one = processor(1);
  const double without = compute(dense(480, 100, 512), one);
  one.dense.row_seconds = 1e-6;
  CHECK(compute(dense(480, 100, 512), one) == doctest::Approx(without + 512e-6));
  // 512 rows of 48 tokens take 96 KiB, of which ten fit in half of the cache.
  CHECK(compute(dense(528, 100, 512), one) - compute(dense(528, 100, 512), processor(1)) ==
        doctest::Approx(2 * 512e-6));
}

TEST_CASE("X is packed, W read for each set of strips, Y once and twice more for a further block") {
  const GemmMachine one = processor(1);
  const Traffic small = strips_traffic(dense(96, 512, 512), one);
  CHECK(small.activation_bytes == 2.0 * 96 * 512 * 4);
  CHECK(small.weight_bytes == 512.0 * 512 * 4);
  CHECK(small.output_bytes == 96.0 * 512 * 4);
  CHECK(small.distinct_bytes() == doctest::Approx((96.0 * 512 * 2 + 512 * 512) * 4));
  const Traffic deep = strips_traffic(dense(528, 512, 1100), one);
  CHECK(deep.weight_reads == 2);
  CHECK(deep.output_passes == 5);
  CHECK(deep.output_bytes == 5.0 * 528 * 512 * 4);
  GemmWork pruned = uniform_work({96, 512, 512}, {GemmKernel::tw, 0.75});
  pruned.element_bytes = 4;
  CHECK(strips_traffic(pruned, one).output_bytes == 96.0 * 256 * 4);
  pruned.zero_fill = true;
  CHECK(strips_traffic(pruned, one).output_bytes == 96.0 * 512 * 4);
}

TEST_CASE("weights stream behind the computation, and the rest waits for memory") {
  GemmMachine one = processor(1);
  const GemmWork work = dense(96, 512, 512);
  const Traffic moved = strips_traffic(work, one);
  const GemmCost cost = gemm_cost(work, one);
  CHECK(cost.memory_seconds ==
        doctest::Approx((moved.activation_bytes + moved.output_bytes) / 1e10));
  CHECK(cost.seconds == doctest::Approx(cost.compute_seconds + cost.memory_seconds));
  one.memory_bytes_per_second = 1e6;
  CHECK(gemm_cost(work, one).compute_seconds == doctest::Approx(moved.weight_bytes / 1e6));
}

TEST_CASE("what stays in a thread's cache is faster, and large products gain nothing") {
  GemmMachine one = processor(1);
  one.dense.cache_speedup = 4;
  const auto gain = [&](const GemmWork& work) {
    return gemm_cost(work, processor(1)).memory_seconds / gemm_cost(work, one).memory_seconds;
  };
  CHECK(gain(dense(96, 128, 128)) == doctest::Approx(4));
  CHECK(gain(dense(1024, 2048, 2048)) == 1);
  CHECK(gain(dense(512, 1024, 512)) > 1);
  CHECK(gain(dense(512, 1024, 512)) < 4);
}

TEST_CASE("2:4 saves storage only, and CSR pays for whole strips") {
  const GemmMachine one = processor(1);
  GemmWork halved = two_of_four_work({96, 512, 512});
  halved.element_bytes = 4;
  CHECK(gemm_cost(halved, one).compute_seconds ==
        gemm_cost(dense(96, 512, 512), one).compute_seconds);
  CHECK(gemm_cost(csr_work({1, 512, 512}, 0.9), one).compute_seconds ==
        gemm_cost(csr_work({48, 512, 512}, 0.9), one).compute_seconds);
}

TEST_CASE("more tokens, outputs, depth or weights never take less") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "strips");
    const GemmMachine machine = processor(static_cast<int>(1 + random.below(3)));
    const auto size = [&](std::uint64_t most) {
      return static_cast<std::int64_t>(1 + random.below(most));
    };
    const GemmShape shape = {size(600), size(900), size(1200)};
    const auto seconds = [&](const GemmWork& work) { return gemm_cost(work, machine).seconds; };
    const double here = seconds(dense(shape.m, shape.n, shape.k));
    CHECK(here > 0);
    CHECK(seconds(dense(shape.m + std::int64_t{48} * machine.multiprocessors, shape.n, shape.k)) >=
          here);
    CHECK(seconds(dense(shape.m, shape.n, shape.k + size(64))) >= here);
    const auto pruned = [&](double sparsity) {
      GemmWork work = uniform_work(shape, {GemmKernel::tw, sparsity, 64});
      work.element_bytes = 4;
      return work;
    };
    const double sparsity = 0.9 * random.uniform();
    if (machine.multiprocessors == 1)
      CHECK(seconds(pruned(sparsity)) * (1 + 1e-9) >= seconds(pruned(sparsity + 0.09)));
  }
}
