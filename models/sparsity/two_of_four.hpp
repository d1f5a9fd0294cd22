// 2:4: of every four consecutive rows of a column at most two are kept, so that two values and two
// places of two bits are stored.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace orrery::models::sparsity {

/// Places of the two largest of four scores, ascending; of equals the upper: what 2:4 keeps.
std::array<int, 2> largest_two(const std::array<float, 4>& scores);

/// At most two of the four differ from zero.
bool is_two_of_four(const std::array<float, 4>& group);

/// The places that are stored of a group of weights that is two of four: those that are not zero,
/// the upper zeros filling up.
std::array<int, 2> stored_places(const std::array<float, 4>& group);

/// 2:4 as stored: for each group of four rows (the last filled up with zero rows) and each column
/// two values and the two positions in the group, 2 bits each.
struct TwoOfFour {
  std::int32_t groups = 0;    ///< ceil(rows / 4)
  std::int32_t columns = 0;   ///< of the panel
  std::vector<float> values;  ///< (2 * groups) x columns, row after row
  /// Group g, column n has number g * columns + n; four bits each, the even numbers in the lower
  /// half of a byte; the first position (the smaller) in the lower two bits of the four.
  std::vector<std::uint8_t> metadata;
};

/// Packs a panel of `rows` x `columns` values. Throws base::Error where a group has more than two
/// that are not zero in one column.
TwoOfFour pack_two_of_four(std::span<const float> values, std::int32_t rows, std::int32_t columns);

/// The inverse of packing: rows x columns values.
std::vector<float> unpack_two_of_four(const TwoOfFour& packed, std::int32_t rows);

}  // namespace orrery::models::sparsity
