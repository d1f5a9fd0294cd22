// Bytes against closed forms.
#include <doctest/doctest.h>

#include "models/gemm/traffic.hpp"
#include "tests/models/gemm/support.hpp"

using namespace orrery;
using namespace orrery::models::gemm;
using test::kTile;

TEST_CASE("a small dense product moves each operand once") {
  const Traffic moved = traffic(dense_work({512, 768, 1024}), test::round_machine(), kTile);
  CHECK(moved.activation_bytes == 2.0 * 512 * 1024);
  CHECK(moved.weight_bytes == 2.0 * 768 * 1024);
  CHECK(moved.output_bytes == 2.0 * 512 * 768);
  CHECK(moved.bytes() == 2.0 * (512 * 1024 + 768 * 1024 + 512 * 768));
}

TEST_CASE("2:4 stores nine sixteenths of 16-bit weights") {
  CHECK(weight_bytes(two_of_four_work({1, 256, 512})) == 2.0 * 256 * 512 * 9 / 16);
  GemmWork bytes = two_of_four_work({1, 256, 512});
  bytes.element_bytes = 1;
  CHECK(weight_bytes(bytes) == 256 * 512 * (0.5 + 0.125));
}

TEST_CASE("a pruned product moves what it keeps") {
  const GemmWork work = uniform_work({512, 768, 768}, {GemmKernel::tw, 0.75, 128, 0});
  Traffic moved = traffic(work, test::round_machine(), kTile);
  CHECK(moved.activation_bytes == 2.0 * 512 * static_cast<double>(work.rows_touched));
  CHECK(moved.weight_bytes == 2.0 * 384 * 384);
  CHECK(moved.output_bytes == 2.0 * 512 * 384);
  GemmWork zeroed = work;
  zeroed.zero_fill = true;
  CHECK(traffic(zeroed, test::round_machine(), kTile).output_bytes == 2.0 * 512 * (384 + 768));
}

TEST_CASE("compressed rows store a column for each element and read X for each") {
  const GemmWork work = csr_work({1024, 256, 512}, 0.75);
  CHECK(weight_bytes(work) == 0.25 * 256 * 512 * (2 + 4) + 257 * 4);
  GemmMachine machine = test::round_machine();
  CHECK(traffic(work, machine, kTile).activation_bytes == 2.0 * 1024 * 512);
  machine.cache_bytes = 0;
  CHECK(traffic(work, machine, kTile).activation_bytes == 2.0 * 1024 * 512 * 0.25 * 256);
}

TEST_CASE("X beyond half the cache is read for each set of panels that run together") {
  GemmMachine machine = test::round_machine();  // 100 slots, 40 MB
  // 32 tiles of rows: 3.125 panels at a time of 32.
  const GemmWork work = dense_work({4096, 4096, 4096});
  const Traffic panels = traffic(work, machine, kTile);
  CHECK(panels.activation_reads == doctest::Approx(32 / 3.125));
  CHECK(panels.weight_reads == 1);
  machine.order = TileOrder::blocks;
  const Traffic blocks = traffic(work, machine, kTile);
  CHECK(blocks.activation_reads == doctest::Approx(32.0 / 12));  // 8 x 12 tiles at a time
  CHECK(blocks.weight_reads == doctest::Approx(4));
  CHECK(blocks.bytes() < panels.bytes());
  machine.cache_bytes = 1e9;
  CHECK(traffic(work, machine, kTile).bytes() == 3 * 2.0 * 4096 * 4096);
}

TEST_CASE("parts of a split sum cost bytes only where the cache is full") {
  GemmMachine machine = test::round_machine();
  const GemmWork work = dense_work({1024, 1024, 1024});
  CHECK(traffic(work, machine, kTile, 2).partial_bytes == 0);
  machine.cache_bytes = 1e6;
  CHECK(traffic(work, machine, kTile, 2).partial_bytes == 2.0 * 2 * 4 * 1024 * 1024);
}
