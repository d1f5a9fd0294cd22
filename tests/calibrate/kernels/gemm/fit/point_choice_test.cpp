// The choice of shapes: from shapes and seed alone, spread, without repetition.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "calibrate/kernels/gemm/fit/point_choice.hpp"

using namespace orrery;
using namespace orrery::calibrate::gemm::fit;
using models::gemm::GemmShape;

namespace {

std::vector<GemmShape> grid() {
  std::vector<GemmShape> shapes;
  for (std::int64_t m = 64; m <= 16384; m *= 2)
    for (std::int64_t n = 1024; n <= 8192; n *= 2)
      for (std::int64_t k = 1024; k <= 8192; k *= 2) shapes.push_back({m, n, k});
  return shapes;
}

}  // namespace

TEST_CASE("as many as asked for, each once, the same for the same seed") {
  const auto shapes = grid();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    const auto chosen = spread_points(shapes, 24, seed);
    CHECK(chosen.size() == 24);
    CHECK(std::is_sorted(chosen.begin(), chosen.end()));
    CHECK(std::set<std::size_t>(chosen.begin(), chosen.end()).size() == 24);
    CHECK(chosen == spread_points(shapes, 24, seed));
  }
  CHECK(spread_points(shapes, 24, 1) != spread_points(shapes, 24, 2));
  CHECK(spread_points(shapes, 1000, 1).size() == shapes.size());
  CHECK(spread_points(shapes, 0, 1).empty());
}

TEST_CASE("the corners of a grid are among the chosen") {
  const auto shapes = grid();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    std::set<std::int64_t> m;
    for (const std::size_t i : spread_points(shapes, 24, seed)) m.insert(shapes[i].m);
    CHECK(m.contains(64));
    CHECK(m.contains(16384));
    CHECK(m.size() >= 4);
  }
}

TEST_CASE("a dimension that never varies says nothing") {
  const std::vector<GemmShape> shapes = {
      {1, 64, 5}, {10, 64, 5}, {100, 64, 5}, {10'000'000, 64, 5}};
  for (const auto& point : log_shapes(shapes)) {
    CHECK(point[1] == 0);
    CHECK(point[2] == 0);
  }
  const auto chosen = spread_points(shapes, 3, 1);
  CHECK(chosen.back() == 3);
}
