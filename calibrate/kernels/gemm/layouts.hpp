// Every pattern as panels: what the baselines keep is a tile layout too, and runs on the same
// kernels.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sparsity/tile_layout.hpp"

namespace orrery::calibrate::gemm {

/// Columns of a panel of a dense matrix.
inline constexpr std::int32_t kDensePanelColumns = 256;

/// All of K x N, in panels of kDensePanelColumns.
models::sparsity::TileLayout dense_layout(std::int32_t rows, std::int32_t columns);

/// Single elements (EW), as a sparse matrix compressed by columns: W^T in CSR. A sparse column is a
/// panel one column wide, so this needs no kernel of its own. `kept` is K x N, row by row.
models::sparsity::TileLayout element_layout(std::int32_t rows, std::int32_t columns,
                                            const std::vector<bool>& kept);

/// Square blocks (BW, 32 in the specification): a panel for each column of blocks. `kept` has one
/// entry for each block, row by row of blocks; those at the right and lower edge may be cut short.
models::sparsity::TileLayout block_layout(std::int32_t rows, std::int32_t columns,
                                          std::int32_t block, const std::vector<bool>& kept);

/// TW-2D with panels of `width` columns whose kept columns and rows are drawn without scores: the
/// share sqrt(1 - sparsity) of the columns, rounded, and of the rows of each panel. For timing;
/// scores give panels of unequal depth. `sparsity` in [0, 1), `width` at least 1.
models::sparsity::TileLayout random_tile_layout(std::int32_t rows, std::int32_t columns,
                                                double sparsity, std::int32_t width,
                                                std::uint64_t seed);

}  // namespace orrery::calibrate::gemm
