// What a layout promises, and 2:4 there and back.
#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "models/base/error.hpp"
#include "models/base/random.hpp"
#include "models/sparsity/tile_layout.hpp"
#include "models/sparsity/two_of_four.hpp"

using namespace orrery::models::sparsity;
using orrery::base::Error;

namespace {

std::string refusal(const TileLayout& layout, const std::vector<float>& weights) {
  try {
    check(layout, weights);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("layouts that break their promises are refused in a sentence") {
  const std::vector<float> ones(6, 1.0F);
  CHECK(refusal({3, 2, {{{0, 2}, {0}}, {{}, {1}}}, false}, ones).empty());
  CHECK(refusal({3, 2, {}, false}, ones).empty());
  CHECK(refusal({0, 5, {}, true}, {}).empty());
  CHECK(refusal({-1, 2, {}, false}, ones) ==
        "tile layout: has the size -1 x 2, expected none below 0");
  CHECK(refusal({3, 2, {{{0}, {}}}, false}, ones) == "tile layout: panel 0 has no column");
  CHECK(refusal({3, 2, {{{3}, {0}}}, false}, ones) ==
        "tile layout: panel 0 names row 3, expected ascending ones below 3");
  CHECK(refusal({3, 2, {{{1, 0}, {0}}}, false}, ones) ==
        "tile layout: panel 0 names row 0, expected ascending ones below 3");
  CHECK(refusal({3, 2, {{{1, 1}, {0}}}, false}, ones) ==
        "tile layout: panel 0 names row 1, expected ascending ones below 3");
  CHECK(refusal({3, 2, {{{0}, {-1}}}, false}, ones) ==
        "tile layout: panel 0 names column -1, expected ascending ones below 2");
  CHECK(refusal({3, 2, {{{0}, {1}}, {{0}, {0}}}, false}, ones) ==
        "tile layout: panel 1 begins with column 0, expected one behind column 1, the last of the "
        "panel before it");
  CHECK(refusal({3, 2, {{{0}, {1}}, {{0}, {1}}}, false}, ones) ==
        "tile layout: panel 1 begins with column 1, expected one behind column 1, the last of the "
        "panel before it");
  CHECK(refusal({3, 3, {}, false}, ones) == "tile layout: found 6 weights, expected its 3 x 3");
  CHECK(refusal({3, 2, {{{0, 1, 2}, {1}}}, true}, ones) ==
        "tile layout: panel 0 has more than two weights that are not zero in column 1 of the four "
        "kept rows from row 0, expected at most two");
  CHECK(refusal({3, 2, {{{0, 2}, {1}}}, true}, ones).empty());
}

TEST_CASE("2:4 packs by hand as its header says") {
  const std::vector<float> values = {0, 1, 5, 0, 0, 0, 6, 2, 0, 0, 7, 0};  // 6 rows, 2 columns
  const TwoOfFour packed = pack_two_of_four(values, 6, 2);
  CHECK(packed.groups == 2);
  CHECK(packed.values == std::vector<float>{5, 1, 6, 2, 0, 0, 7, 0});
  CHECK(packed.metadata == std::vector<std::uint8_t>{0b1100'1101, 0b0100'0100});
  CHECK(unpack_two_of_four(packed, 6) == values);
  CHECK_THROWS_AS(pack_two_of_four(std::vector<float>{1, 1, 1}, 3, 1), Error);
}

TEST_CASE("of four the two largest are kept, of equals the upper, in ascending places") {
  CHECK(largest_two({1, 2, 3, 4}) == std::array<int, 2>{2, 3});
  CHECK(largest_two({4, 3, 2, 1}) == std::array<int, 2>{0, 1});
  CHECK(largest_two({5, 5, 5, 5}) == std::array<int, 2>{0, 1});
  CHECK(largest_two({0, 1, 0, 1}) == std::array<int, 2>{1, 3});
  CHECK(largest_two({0, 0, 0, 1}) == std::array<int, 2>{0, 3});
  CHECK(largest_two({0, -1, -1, -1})[0] == 0);
  // Against sorting, over every order of four numbers and every pattern of equals.
  for (int code = 0; code < 256; ++code) {
    CAPTURE(code);
    std::array<float, 4> four{};
    for (int i = 0; i < 4; ++i)
      four[static_cast<std::size_t>(i)] = static_cast<float>(code >> 2 * i & 3);
    const auto kept = largest_two(four);
    REQUIRE(kept[0] < kept[1]);
    for (int i = 0; i < 4; ++i) {
      int ahead = 0;
      for (int j = 0; j < 4; ++j) {
        const float mine = four[static_cast<std::size_t>(i)];
        const float other = four[static_cast<std::size_t>(j)];
        ahead += other > mine || (other == mine && j < i) ? 1 : 0;
      }
      REQUIRE((ahead < 2) == (kept[0] == i || kept[1] == i));
    }
  }
}

TEST_CASE("what is stored of a group is all that is not zero") {
  CHECK(stored_places({0, -3, 0, 2}) == std::array<int, 2>{1, 3});
  CHECK(stored_places({0, 0, 0, -2}) == std::array<int, 2>{0, 3});
  CHECK(stored_places({0, 0, 0, 0}) == std::array<int, 2>{0, 1});
  CHECK(stored_places({0, 0, std::numeric_limits<float>::quiet_NaN(), 0})[1] == 2);
  CHECK_FALSE(is_two_of_four({1, 0, -1, 1}));
}

TEST_CASE("2:4 comes back as it was, over random shapes") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    orrery::base::RandomStream random(seed, "two of four");
    const auto rows = static_cast<std::int32_t>(random.below(40));
    const auto columns = static_cast<std::int32_t>(1 + random.below(30));
    std::vector<float> values(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    for (std::int32_t n = 0; n < columns; ++n)
      for (std::int32_t g = 0; g < rows; g += 4)
        for (int i = 0; i < 2; ++i) {
          const auto row = static_cast<std::size_t>(g) + random.below(4);
          if (row < static_cast<std::size_t>(rows))
            values[row * static_cast<std::size_t>(columns) + static_cast<std::size_t>(n)] =
                static_cast<float>(random.normal());
        }
    CHECK(unpack_two_of_four(pack_two_of_four(values, rows, columns), rows) == values);
  }
}
