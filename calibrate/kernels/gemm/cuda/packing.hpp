// A pruned weight matrix in the order in which the kernel reads it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "calibrate/kernels/gemm/cuda/number16.hpp"
#include "calibrate/kernels/gemm/cuda/work_list.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::calibrate::gemm_cuda {

/// Which instructions multiply: mma.sync (v1, sm_80 and later) or wgmma (v2, sm_90a).
enum class Family { mma_sync, wgmma };
constexpr const char* name_of(Family family) {
  return family == Family::wgmma ? "wgmma" : "mma.sync";
}

struct PackingOptions {
  Number number = Number::bf16;
  bool sparse = false;      ///< 2:4 in the tensor core; the layout must be two_of_four
  int outputs = 128;        ///< of a tile: 64 or 128
  bool zero_pruned = true;  ///< write zeros for pruned outputs; else those rows of Y are not stored
  Family family = Family::mma_sync;
};

/// What a stage of the kernel's pipeline holds, by the options.
struct StageForm {
  int depth = 0;   ///< rows of X
  int values = 0;  ///< kept values per output: depth, or half of it where 2:4
};
StageForm stage_form(const PackingOptions& options);

/// Values per band, mma.sync: [stage][fragment of 16 outputs][step][lane][8]; wgmma: [stage][8
/// values][8 outputs][output][value], core_value_at. Metadata per band: [stage][fragment][lane].
struct PackedWeight {
  std::int32_t rows = 0;     ///< K of the dense matrix
  std::int32_t columns = 0;  ///< N of the dense matrix
  PackingOptions options;
  bool identity = false;  ///< every band keeps rows 0 to K - 1: no table is read
  std::vector<Band> bands;
  std::vector<std::uint16_t> values;
  std::vector<std::uint32_t> metadata;
  std::vector<std::int32_t> row_table;     ///< of X; -1 past the last kept row
  std::vector<std::int32_t> column_table;  ///< of W; -1 past the panel's last column
};

/// Packs `weights` (dense, rows x columns, row after row; entries outside the layout are not read).
/// Throws base::Error where the layout and the weights do not keep what TileLayout promises
/// (models::sparsity::check), or `options` ask for what the kernel does not do.
PackedWeight pack(const models::sparsity::TileLayout& layout, std::span<const float> weights,
                  const PackingOptions& options);

/// Tile height that wastes least for the layout: 64 where no panel is wider than that.
int outputs_for(const models::sparsity::TileLayout& layout);

}  // namespace orrery::calibrate::gemm_cuda
