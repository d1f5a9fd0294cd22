// The kernels of every instruction set of this machine against the double reference
// (docs/systems/tvw.md, "Invariants", 5), over shapes that fit no tile.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"
#include "calibrate/kernels/gemm/reference.hpp"
#include "models/base/error.hpp"
#include "models/base/random.hpp"
#include "tests/calibrate/kernels/gemm/ragged.hpp"

namespace {

using namespace orrery;
using namespace orrery::calibrate;
using models::sparsity::Panel;
using models::sparsity::TileLayout;
using test::between;
using test::prune_two_of_four;
using test::ragged_layout;
using test::random_values;

std::vector<bool> random_units(std::int64_t count, double share, base::RandomStream& random) {
  std::vector<bool> kept(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = random.uniform() < share;
  return kept;
}

struct Case {
  TileLayout layout;
  std::int64_t tokens;
  std::vector<float> weights;
  std::vector<float> x;
  std::vector<float> masked;
  std::vector<double> wanted;

  Case(TileLayout p, std::int64_t m, base::RandomStream& random)
      : layout(std::move(p)),
        tokens(m),
        weights(random_values(random, std::int64_t{layout.rows} * layout.columns)),
        x(random_values(random, layout.rows * m)),
        masked(gemm::masked(layout, weights)),
        wanted(gemm::reference_product(masked, x, layout.rows, layout.columns, m)) {}

  // Rubbish in Y shows what is not written.
  std::vector<float> product(const gemm::PackedWeights& packed, int threads, gemm::Isa isa) const {
    std::vector<float> y(wanted.size(), 1e30F);
    gemm::multiply(packed, x, y, tokens, threads, isa);
    return y;
  }
};

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float p, float q) {
           return std::bit_cast<std::uint32_t>(p) == std::bit_cast<std::uint32_t>(q);
         });
}

void check_case(const Case& made) {
  const gemm::PackedWeights packed = gemm::pack(made.layout, made.weights);
  for (const gemm::Isa isa : gemm::available_isas()) {
    CAPTURE(std::string(gemm::to_string(isa)));
    const std::vector<float> y = made.product(packed, 1, isa);
    CHECK(gemm::relative_error(y, made.wanted) < 1e-5);
    for (const std::int32_t column : packed.zero_columns) {
      for (std::int64_t m = 0; m < made.tokens; ++m) {
        REQUIRE(y[static_cast<std::size_t>(column * made.tokens + m)] == 0.0F);
      }
    }
    for (const int threads : {2, 3, 4}) {
      CAPTURE(threads);
      CHECK(same_bytes(y, made.product(packed, threads, isa)));
    }
  }
}

TEST_CASE("a ragged tile layout multiplies like its masked dense matrix") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "ragged layouts");
    const std::int32_t rows = between(random, 1, seed % 5 == 0 ? 1800 : 90);
    const std::int32_t columns = between(random, 1, 120);
    const std::int32_t tokens = between(random, 1, seed % 3 == 0 ? 400 : 110);
    check_case(Case(ragged_layout(random, rows, columns, 40), tokens, random));
  }
}

TEST_CASE("dense, element and block layouts multiply like their masked dense matrix") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "baseline layouts");
    const std::int32_t rows = between(random, 1, 330);
    const std::int32_t columns = between(random, 1, 280);
    const std::int32_t tokens = between(random, 1, 150);
    check_case(Case(gemm::dense_layout(rows, columns), tokens, random));
    check_case(Case(gemm::element_layout(rows, columns,
                                         random_units(std::int64_t{rows} * columns, 0.2, random)),
                    tokens, random));
    const std::int64_t blocks = std::int64_t{(rows + 31) / 32} * ((columns + 31) / 32);
    check_case(Case(gemm::block_layout(rows, columns, 32, random_units(blocks, 0.4, random)),
                    tokens, random));
  }
}

TEST_CASE("a reduction of several blocks multiplies like its dense matrix") {
  base::RandomStream random(5, "deep");
  for (const std::int32_t rows : {gemm::kBlockDepth, gemm::kBlockDepth + 1, 1300}) {
    CAPTURE(rows);
    check_case(Case(gemm::dense_layout(rows, 21), 50, random));
    check_case(Case(gemm::random_tile_layout(rows, 40, 0.3, 16, 5), 50, random));
  }
}

TEST_CASE("two of four is checked, stored small and computed in full") {
  base::RandomStream random(6, "two of four");
  TileLayout layout = gemm::random_tile_layout(64, 64, 0.75, 16, 6);
  Case made(layout, 20, random);
  CHECK(gemm::pack(layout, made.weights).storage_bytes() == 4 * 32 * 32);
  layout.two_of_four = true;
  CHECK_THROWS_AS(gemm::pack(layout, made.weights), base::Error);
  prune_two_of_four(layout, made.weights, random);
  // Of 32 rows 16 values for each column, and 2 bits for each value.
  CHECK(gemm::pack(layout, made.weights).storage_bytes() == 32 * 16 * 4 + 32 * 16 / 4);
  made.wanted = gemm::reference_product(gemm::masked(layout, made.weights), made.x, 64, 64, 20);
  made.layout = layout;
  check_case(made);
}

TEST_CASE("random tile layouts of every sparsity multiply like their masked dense matrix") {
  std::uint64_t seed = 0;
  for (const double sparsity : {0.0, 0.5, 0.75, 0.95}) {
    for (const std::int32_t width : {1, 32, 100}) {
      ++seed;
      CAPTURE(seed);
      base::RandomStream random(seed, "tile layouts");
      check_case(Case(gemm::random_tile_layout(300, 270, sparsity, width, seed), 131, random));
    }
  }
}

TEST_CASE("a random tile layout keeps the share that its sparsity says, in panels of its width") {
  const TileLayout layout = gemm::random_tile_layout(768, 768, 0.75, 128, 7);
  REQUIRE(layout.panels.size() == 3);
  for (const Panel& panel : layout.panels) {
    CHECK(panel.columns.size() == 128);
    CHECK(panel.rows.size() == 384);
  }
  const std::vector<float> weights(std::size_t{768} * 768, 1.0F);
  CHECK(gemm::pack(layout, weights).kept_weights == 384 * 384);
}

TEST_CASE("vector instruction sets give the same bytes as each other") {
  base::RandomStream random(3, "sets");
  const Case made(gemm::random_tile_layout(500, 90, 0.3, 32, 3), 77, random);
  const gemm::PackedWeights packed = gemm::pack(made.layout, made.weights);
  std::vector<std::vector<float>> results;
  for (const gemm::Isa isa : gemm::available_isas()) {
    if (isa != gemm::Isa::scalar) results.push_back(made.product(packed, 1, isa));
  }
  for (const std::vector<float>& y : results) CHECK(same_bytes(y, results.front()));
}

TEST_CASE("nothing to multiply is not a fault") {
  const std::vector<float> none;
  std::vector<float> y(6, 1.0F);
  const gemm::Isa isa = gemm::best_isa();
  gemm::multiply(gemm::pack({0, 3, {}, false}, none), none, y, 2, 2, isa);
  CHECK(std::all_of(y.begin(), y.end(), [](float v) { return v == 0.0F; }));
  std::vector<float> empty;
  gemm::multiply(gemm::pack(gemm::dense_layout(2, 3), std::vector<float>(6, 1.0F)), none, empty, 0,
                 1, isa);
}

TEST_CASE("sizes and layouts that do not fit are refused in a sentence") {
  const std::vector<float> weights(12, 1.0F);
  CHECK_THROWS_WITH_AS(gemm::pack(gemm::dense_layout(3, 5), weights),
                       "tile layout: found 12 weights, expected its 3 x 5", base::Error);
  CHECK_THROWS_AS(gemm::pack({3, 4, {{{0, 3}, {0}}}, false}, weights), base::Error);
  CHECK_THROWS_AS(gemm::pack({3, 4, {{{1, 0}, {0}}}, false}, weights), base::Error);
  CHECK_THROWS_AS(gemm::pack({3, 4, {{{0}, {4}}}, false}, weights), base::Error);
  CHECK_THROWS_AS(gemm::pack({3, 4, {{{0}, {}}}, false}, weights), base::Error);
  CHECK_THROWS_AS(gemm::pack({3, 4, {{{0}, {1}}, {{0}, {1}}}, false}, weights), base::Error);
  const gemm::PackedWeights packed = gemm::pack(gemm::dense_layout(3, 4), weights);
  std::vector<float> x(6);
  std::vector<float> y(8);
  const gemm::Isa isa = gemm::best_isa();
  CHECK_THROWS_AS(gemm::multiply(packed, x, y, 3, 1, isa), base::Error);
  CHECK_THROWS_AS(gemm::multiply(packed, x, y, 2, 0, isa), base::Error);
}

}  // namespace
