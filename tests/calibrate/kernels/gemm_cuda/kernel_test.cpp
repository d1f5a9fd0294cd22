// The GPU kernel's loop, emulated, against double precision.
#include <doctest/doctest.h>

#include <cstdio>

#include "calibrate/kernels/gemm/cuda/cost_estimate.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"
#include "models/base/error.hpp"
#include "tests/calibrate/kernels/gemm_cuda/cases.hpp"

using namespace orrery::calibrate::gemm_cuda;
using namespace emulated;
using orrery::calibrate::gemm::dense_layout;
using orrery::calibrate::gemm::random_tile_layout;
using orrery::test::ragged_layout;

namespace {

double run_mma_sync(const Case& made, const PackingOptions& options, bool gather, bool exact) {
  const PackedWeight packed = pack(made.layout, made.weights, options);
  if (!gather) REQUIRE(packed.identity);
  return run_case(made, packed, exact, [&](const PackedWeight& weight, const auto& x, auto& y) {
    emulated::run(weight, x, y, gather);
  });
}

}  // namespace

TEST_CASE("the emulated kernels equal exact sums of small integers over random layouts and tails") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "gemm cuda");
    const bool sparse = seed % 2 == 0;
    const int outputs = seed % 4 < 2 ? 64 : 128;
    const Number number = seed % 3 == 0 ? Number::fp16 : Number::bf16;
    TileLayout layout = ragged_layout(random, between(random, 1, 300), between(random, 1, 200),
                                      between(random, 1, 160));
    const Case made =
        make_case(random, std::move(layout), between(random, 1, 290), number, sparse, true);
    run_mma_sync(made, {number, sparse, outputs, true}, true, true);
  }
}

TEST_CASE("the kernels without a gather equal exact sums too") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "gemm cuda identity");
    const bool sparse = seed % 2 == 0;
    const Case made =
        make_case(random, dense_layout(between(random, 1, 400), between(random, 1, 150)),
                  between(random, 1, 150), Number::bf16, sparse, true);
    run_mma_sync(made, {Number::bf16, sparse, 128, true}, false, true);
  }
}

TEST_CASE("the emulated kernels stay within rounding of double precision") {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "gemm cuda normal");
    const bool sparse = seed % 2 == 0;
    const Number number = seed % 4 < 2 ? Number::bf16 : Number::fp16;
    const Case made =
        make_case(random, random_tile_layout(257, 131, 0.5, 128, seed), 137, number, sparse, false);
    const double error = run_mma_sync(made, {number, sparse, 128, true}, true, false);
    CHECK(error < (number == Number::bf16 ? 3e-3 : 4e-4));
    worst = std::max(worst, error);
  }
  std::printf("worst relative Frobenius error of the emulated GPU kernels %.1e (target 1e-2)\n",
              worst);
}

TEST_CASE("bands stand in descending length and zeros fill pruned outputs only where asked") {
  RandomStream random(7, "gemm cuda bands");
  TileLayout layout = ragged_layout(random, 90, 300, 32);
  const std::vector<float> weights(std::size_t{90} * 300, 1.0f);
  const PackedWeight filled = pack(layout, weights, {Number::bf16, false, 64, true});
  for (std::size_t i = 1; i < filled.bands.size(); ++i)
    CHECK(filled.bands[i].kept <= filled.bands[i - 1].kept);
  const PackedWeight left = pack(layout, weights, {Number::bf16, false, 64, false});
  CHECK(left.bands.size() < filled.bands.size());
  for (const Band& band : left.bands) CHECK(band.kept > 0);
}

TEST_CASE("layouts that do not fit are refused with a sentence") {
  TileLayout layout = dense_layout(8, 2);
  std::vector<float> weights(16, 1.0f);
  CHECK_THROWS_WITH_AS(pack(layout, std::vector<float>(15, 1.0f), {}),
                       doctest::Contains("15 weights"), orrery::base::Error);
  CHECK_THROWS_WITH_AS(pack(layout, weights, {Number::bf16, true, 128, true}),
                       doctest::Contains("not 2:4"), orrery::base::Error);
  layout.two_of_four = true;
  CHECK_THROWS_WITH_AS(pack(layout, weights, {Number::bf16, true, 128, true}),
                       doctest::Contains("more than two weights"), orrery::base::Error);
  layout.panels[0].rows.back() = 8;
  CHECK_THROWS_WITH_AS(pack(layout, weights, {}), doctest::Contains("row 8"), orrery::base::Error);
}

TEST_CASE("16-bit numbers round to nearest, ties to even") {
  CHECK(to_bits(1.0f, Number::bf16) == 0x3f80);
  CHECK(to_bits(1.0f, Number::fp16) == 0x3c00);
  CHECK(to_bits(0.0f, Number::fp16) == 0);
  CHECK(to_bits(65520.0f, Number::fp16) == 0x7c00);
  CHECK(to_bits(2049.0f, Number::fp16) == to_bits(2048.0f, Number::fp16));
  CHECK(to_bits(0x1p-24f, Number::fp16) == 1);
  CHECK(to_bits(257.0f, Number::bf16) == to_bits(256.0f, Number::bf16));
  for (std::uint32_t bits = 0; bits < 0x7c00; ++bits) {
    REQUIRE(to_bits(from_bits(static_cast<std::uint16_t>(bits), Number::fp16), Number::fp16) ==
            bits);
  }
}

TEST_CASE("the estimate counts whole tiles and halves the instructions of 2:4") {
  const std::int64_t size = 1024;
  TileLayout layout = dense_layout(1024, 1024);
  const std::vector<float> zeros(std::size_t{1024} * 1024, 0.0f);
  const Estimate dense =
      estimate(pack(layout, zeros, {Number::bf16, false, 128, true}), size, 1e15, 3e12);
  CHECK(dense.useful_share == doctest::Approx(1));
  CHECK(dense.instructions == doctest::Approx(1024.0 * 1024 * 1024 / (16 * 8 * 16)));
  layout.two_of_four = true;
  const Estimate sparse =
      estimate(pack(layout, zeros, {Number::bf16, true, 128, true}), size, 1e15, 3e12);
  CHECK(sparse.instructions * 2 == doctest::Approx(dense.instructions));
  CHECK(sparse.compute_seconds < dense.compute_seconds);
  CHECK(sparse.global_bytes < dense.global_bytes);
}
