// A pruned weight matrix in the order in which the micro-kernels read it: made once for a layout.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "calibrate/kernels/gemm/micro_kernel.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::calibrate::gemm {

/// Floats that begin on a cache line.
class AlignedFloats {
 public:
  /// Makes room for `count` floats; what was there is lost where it did not suffice.
  void reserve(std::size_t count);
  float* data() { return lines_.empty() ? nullptr : lines_.front().values; }
  const float* data() const { return lines_.empty() ? nullptr : lines_.front().values; }

 private:
  struct alignas(64) Line {
    float values[16];
  };
  std::vector<Line> lines_;
};

/// One panel of a layout. Its weights lie strip after strip of kStripColumns columns (the last may
/// be narrower); inside a strip k after k, the columns side by side.
struct PackedPanel {
  std::vector<std::int32_t> columns;      ///< rows of Y^T
  std::vector<std::int32_t> rows;         ///< rows of X^T
  std::vector<std::int32_t> touched;      ///< the same, as positions in PackedWeights::touched_rows
  std::vector<std::int32_t> block_begin;  ///< first of `rows` in each block of K, and their number
  std::size_t first_weight = 0;
};

/// Any layout, packed. K is cut into blocks at the same dense rows for all panels, so that no panel
/// has more than kBlockDepth rows in one: sums are then formed in one order, whatever the threads
/// and the instruction set.
struct PackedWeights {
  std::int32_t rows = 0;     ///< K of the dense matrix
  std::int32_t columns = 0;  ///< N of the dense matrix
  std::vector<PackedPanel> panels;
  std::vector<std::int32_t> touched_rows;  ///< rows that any panel keeps, ascending
  std::vector<std::int32_t>
      touched_begin;  ///< first of `touched_rows` in each block, and their number
  std::vector<std::int32_t>
      zero_columns;                    ///< outputs that are zero: pruned whole, or without a row
  std::vector<std::int32_t> counting;  ///< 0, 1, 2 ...: rows of a panel packed by itself
  AlignedFloats weights;
  std::int64_t kept_weights = 0;  ///< sum over panels of rows x columns
  /// Two of four inside the panels: 2:4 is not accelerated here. A processor has no multiply-add
  /// that skips zeros, so the kernels compute with them, and only what would be stored shrinks.
  bool two_of_four = false;

  /// Bytes of the weights as they would be kept on disk or sent: 4 for each kept weight; under two
  /// of four 4 for each of the two values of a group, and 2 bits for its place.
  std::int64_t storage_bytes() const;
  std::int32_t blocks() const { return static_cast<std::int32_t>(touched_begin.size()) - 1; }
};

/// Rows of a panel that are multiplied before sums go to memory. MEASURED on a Xeon with 48 KiB and
/// 2 MiB of cache at 1024^3: 512 is 3 to 5 % faster than 256, whose strip would stay in the first
/// level, because sums are read and written half as often.
constexpr std::int32_t kBlockDepth = 512;

/// Packs W[K, N] (row by row, K * N floats) for `layout`. Weights that the layout does not keep are
/// not read. Throws base::Error where the layout and W do not keep what TileLayout promises
/// (models::sparsity::check).
PackedWeights pack(const models::sparsity::TileLayout& layout, std::span<const float> weights);

}  // namespace orrery::calibrate::gemm
