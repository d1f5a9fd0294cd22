#include "models/sparsity/two_of_four.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "models/base/error.hpp"
#include "models/sparsity/row_major.hpp"

namespace orrery::models::sparsity {

namespace {}  // namespace

std::array<int, 2> largest_two(const std::array<float, 4>& scores) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < 4; ++i)
    if (scores[i] > scores[best]) best = i;
  std::size_t second = best == 0 ? 1 : 0;
  for (std::size_t i = second + 1; i < 4; ++i)
    if (i != best && scores[i] > scores[second]) second = i;
  return {static_cast<int>(std::min(best, second)), static_cast<int>(std::max(best, second))};
}

bool is_two_of_four(const std::array<float, 4>& group) {
  int found = 0;
  for (const float value : group) found += value != 0 ? 1 : 0;
  return found <= 2;
}

std::array<int, 2> stored_places(const std::array<float, 4>& group) {
  assert(is_two_of_four(group));
  std::array<float, 4> stored{};
  for (std::size_t i = 0; i < 4; ++i) stored[i] = group[i] != 0 ? 1 : 0;
  return largest_two(stored);
}

TwoOfFour pack_two_of_four(std::span<const float> values, std::int32_t rows, std::int32_t columns) {
  assert(values.size() == row_major(rows, 0, columns));
  TwoOfFour packed;
  packed.groups = rows / 4 + (rows % 4 != 0);
  packed.columns = columns;
  packed.values.assign(row_major(2 * packed.groups, 0, columns), 0.0F);
  packed.metadata.assign((row_major(packed.groups, 0, columns) + 1) / 2, 0);
  for (std::int32_t g = 0; g < packed.groups; ++g) {
    for (std::int32_t n = 0; n < columns; ++n) {
      std::array<float, 4> group{};
      for (std::int32_t i = 0; i < 4 && 4 * g + i < rows; ++i)
        group[static_cast<std::size_t>(i)] = values[row_major(4 * g + i, n, columns)];
      if (!is_two_of_four(group))
        throw base::Error({.file = {}, .key = "2:4"},
                          fmt::format("column {} has more than two values that are not zero in the "
                                      "four rows from row {}, expected at most two",
                                      n, 4 * g));
      const auto [first, second] = stored_places(group);
      packed.values[row_major(2 * g, n, columns)] = group[static_cast<std::size_t>(first)];
      packed.values[row_major(2 * g + 1, n, columns)] = group[static_cast<std::size_t>(second)];
      const std::size_t number = row_major(g, n, columns);
      const int bits = (first | second << 2) << (number % 2 == 0 ? 0 : 4);
      packed.metadata[number / 2] = static_cast<std::uint8_t>(packed.metadata[number / 2] | bits);
    }
  }
  return packed;
}

std::vector<float> unpack_two_of_four(const TwoOfFour& packed, std::int32_t rows) {
  std::vector<float> values(row_major(rows, 0, packed.columns));
  for (std::int32_t g = 0; g < packed.groups; ++g) {
    for (std::int32_t n = 0; n < packed.columns; ++n) {
      const std::size_t number = row_major(g, n, packed.columns);
      const int bits = packed.metadata[number / 2] >> (number % 2 == 0 ? 0 : 4);
      for (int i = 0; i < 2; ++i) {
        const std::int32_t row = 4 * g + (bits >> (2 * i) & 3);
        if (row < rows)
          values[row_major(row, n, packed.columns)] =
              packed.values[row_major(2 * g + i, n, packed.columns)];
      }
    }
  }
  return values;
}

}  // namespace orrery::models::sparsity
