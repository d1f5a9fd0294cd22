// From masks to layouts, and from dense weights to what the kernels load.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/sparsity/mask.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::models::sparsity {

/// Exactly what a mask keeps, as panels: neighbouring surviving columns share a panel while their
/// row sets are the same and it has fewer than `panel_width`. Columns without a kept row are in
/// none. Never marked two_of_four.
TileLayout layout_of(const Mask& mask, std::int32_t panel_width);

/// The elements that the panels of a layout cover.
Mask mask_of(const TileLayout& layout);

/// Weights of one panel, rows.size() x columns.size(), row after row, out of the dense K x N matrix
/// `weights`; elements that `mask` (may be null) does not keep become zero.
std::vector<float> compact(const TileLayout& layout, const Panel& panel,
                           std::span<const float> weights, const Mask* mask);

}  // namespace orrery::models::sparsity
