// From masks to plans, and from dense weights to what the kernels load.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/sparsity/mask.hpp"
#include "models/sparsity/tile_plan.hpp"

namespace orrery::models::sparsity {

/// Exactly what a mask keeps, as panels: neighbouring surviving columns share a panel while their
/// row sets are the same and it has fewer than `panel_width`. Columns without a kept row are in
/// none. Never marked two_of_four.
TilePlan plan_of(const Mask& mask, std::int32_t panel_width);

/// The elements that the panels of a plan cover.
Mask mask_of(const TilePlan& plan);

/// Throws std::invalid_argument, in one sentence, unless the plan keeps its header's promises:
/// rows and columns in range and ascending, columns at least one to a panel and in one only, the
/// panels left to right.
void check(const TilePlan& plan);

/// Weights of one panel, rows.size() x columns.size(), row after row, out of the dense K x N matrix
/// `weights`; elements that `mask` (may be null) does not keep become zero.
std::vector<float> compact(const TilePlan& plan, const Panel& panel, std::span<const float> weights,
                           const Mask* mask);

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

/// Packs a panel of `rows` x `columns` values. Throws std::invalid_argument where a group has more
/// than two that are not zero in one column.
TwoOfFour pack_two_of_four(std::span<const float> values, std::int32_t rows, std::int32_t columns);

/// The inverse of packing: rows x columns values.
std::vector<float> unpack_two_of_four(const TwoOfFour& packed, std::int32_t rows);

}  // namespace orrery::models::sparsity
