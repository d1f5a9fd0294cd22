// The wgmma family's kernel, emulated, against double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <span>
#include <vector>

#include "calibrate/kernels/gemm/cuda/probe.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"
#include "tests/calibrate/kernels/gemm_cuda/cases.hpp"
#include "tests/calibrate/kernels/gemm_cuda/emulator_wgmma.hpp"

using namespace emulated;
using orrery::calibrate::gemm::dense_layout;
using orrery::calibrate::gemm::random_tile_layout;
using orrery::test::ragged_layout;

namespace {

double run_tiles(const Case& made, PackingOptions options, int tile, bool exact) {
  options.family = Family::wgmma;
  const PackedWeight packed = pack(made.layout, made.weights, options);
  return run_case(made, packed, exact, [&](const PackedWeight& weight, const auto& x, auto& y) {
    run_wgmma(weight, x, y, tile);
  });
}

}  // namespace

TEST_CASE(
    "the emulated wgmma kernels equal exact sums of small integers, layouts and tails random") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "gemm wgmma");
    const bool sparse = seed % 2 == 0;
    const int outputs = seed % 4 < 2 ? 64 : 128;
    const int tile = seed % 8 < 4 ? 128 : 256;
    const Number number = seed % 3 == 0 ? Number::fp16 : Number::bf16;
    TileLayout layout = ragged_layout(random, between(random, 1, 300), between(random, 1, 200),
                                      between(random, 1, 160));
    const Case made =
        make_case(random, std::move(layout), between(random, 1, 290), number, sparse, true);
    run_tiles(made, {number, sparse, outputs, true}, tile, true);
  }
}

TEST_CASE("the wgmma kernels multiply what is not pruned at all") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "gemm wgmma dense");
    const bool sparse = seed % 2 == 0;
    const Case made =
        make_case(random, dense_layout(between(random, 1, 400), between(random, 1, 150)),
                  between(random, 1, 300), Number::bf16, sparse, true);
    run_tiles(made, {Number::bf16, sparse, 128, true}, seed < 4 ? 128 : 256, true);
  }
}

TEST_CASE("the emulated wgmma kernels stay within rounding of double precision") {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "gemm wgmma normal");
    const bool sparse = seed % 2 == 0;
    const Number number = seed % 4 < 2 ? Number::bf16 : Number::fp16;
    const Case made =
        make_case(random, random_tile_layout(257, 131, 0.5, 128, seed), 137, number, sparse, false);
    const double error = run_tiles(made, {number, sparse, 128, true}, seed <= 4 ? 128 : 256, false);
    CHECK(error < (number == Number::bf16 ? 3e-3 : 4e-4));
    worst = std::max(worst, error);
  }
  std::printf("worst relative Frobenius error of the emulated wgmma kernels %.1e (target 1e-2)\n",
              worst);
}

TEST_CASE("both families pack the same bands, in stages of their own depth") {
  RandomStream random(3, "gemm wgmma packing");
  const Case made =
      make_case(random, ragged_layout(random, 200, 300, 100), 8, Number::bf16, true, true);
  const PackedWeight one = pack(made.layout, made.weights, {Number::bf16, true, 64, true});
  const PackedWeight two =
      pack(made.layout, made.weights, {Number::bf16, true, 64, true, Family::wgmma});
  REQUIRE(one.bands.size() == two.bands.size());
  // 2:4 has the same stages of 64 rows in both, and the same metadata.
  CHECK(one.metadata == two.metadata);
  CHECK(one.row_table == two.row_table);
  CHECK(one.values.size() == two.values.size());
  for (std::size_t i = 0; i < one.bands.size(); ++i) CHECK(one.bands[i].kept == two.bands[i].kept);
  CHECK(stage_form({Number::bf16, false, 128, true}).depth == 32);
  CHECK(stage_form({Number::bf16, false, 128, true, Family::wgmma}).depth == 64);
}

TEST_CASE("the probe finds nothing misplaced in right kernels and names what wrong ones read") {
  const auto launch = [](const PackedWeight& packed, std::span<const std::uint16_t> numbers,
                         std::int64_t tokens) {
    const Activations x{tokens, tokens, {numbers.begin(), numbers.end()}};
    Activations y{tokens, tokens, {}};
    y.numbers.resize(static_cast<std::size_t>(probe_columns * tokens));
    if (packed.options.family == Family::wgmma) {
      run_wgmma(packed, x, y, 256);
    } else {
      emulated::run(packed, x, y, true);
    }
    return y.numbers;
  };
  for (const bool sparse : {false, true}) {
    CHECK(probe(Family::wgmma, sparse, 264, 5, launch).wrong == 0);
    CHECK(probe(Family::mma_sync, sparse, 136, 5, launch).wrong == 0);
  }
  // Two rows of X that change places are two outputs of every 64, at every token.
  const ProbeResult found =
      probe(Family::wgmma, true, 128, 1,
            [&](const PackedWeight& packed, std::span<const std::uint16_t> x, std::int64_t tokens) {
              std::vector<std::uint16_t> changed(x.begin(), x.end());
              std::swap_ranges(changed.begin() + 5 * tokens, changed.begin() + 6 * tokens,
                               changed.begin() + 9 * tokens);
              return launch(packed, changed, tokens);
            });
  CHECK(found.wrong == 4 * 128);
  REQUIRE(found.lines.size() == 12);
  CHECK(found.lines[0] ==
        "output 5 token 0: row 9 (expected 5), token 0 (expected 0), weight of output 5");
}
