// What a matrix product asks of a device: its shape, the kernel that runs it, and the panels of
// weights that pruning left.
//
// As in models/sparsity, W has K rows (the reduction) and N columns (the outputs), and
// Y[M, N] = X[M, K] W.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/sparsity/tile_layout.hpp"

namespace orrery::models::gemm {

inline constexpr double kFlopsPerMultiplyAdd = 2;

/// How many parts of `part` cover `whole`, the last one perhaps not full.
constexpr std::int64_t ceil_divide(std::int64_t whole, std::int64_t part) {
  return (whole + part - 1) / part;
}

/// dense; tile-wise; 2:4; tile-wise with 2:4 inside; block-wise; unstructured in CSR.
enum class GemmKernel { dense, tw, two_of_four, tvw, bw, csr };

/// `dense`, `tw`, `2:4`, `tvw`, `bw`, `csr`.
std::string_view to_string(GemmKernel kernel);
std::optional<GemmKernel> parse_gemm_kernel(std::string_view text);

struct GemmShape {
  std::int64_t m = 1;  ///< tokens
  std::int64_t n = 1;  ///< outputs
  std::int64_t k = 1;  ///< reduction

  bool operator==(const GemmShape&) const = default;
};

/// Panels of one size: K_i rows and N_i columns each.
struct PanelGroup {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::int64_t count = 1;

  bool operator==(const PanelGroup&) const = default;
};

/// A product as the cost model sees it.
struct GemmWork {
  GemmShape shape;
  GemmKernel kernel = GemmKernel::dense;
  std::vector<PanelGroup> panels;  ///< most rows first; empty where everything is pruned
  std::int64_t rows_touched = 0;   ///< K_touch: rows of K that at least one panel reads
  std::int64_t columns_kept = 0;   ///< N_keep
  double mean_run = 0;             ///< mean length of consecutive kept rows; 0: all contiguous
  double kept = 1;                 ///< fraction of W that is kept, 2:4 included
  double element_bytes = 2;        ///< of X, W and Y
  bool zero_fill = false;          ///< Y is zeroed first (no mask propagation to the next layer)
  std::int32_t launches = 1;       ///< 1 for a persistent kernel, panels for a stream for each

  bool two_of_four() const {
    return kernel == GemmKernel::two_of_four || kernel == GemmKernel::tvw;
  }
};

/// Dense or pure 2:4: one panel of the whole matrix. Throws base::Error for a dimension below 1.
GemmWork dense_work(const GemmShape& shape);
GemmWork two_of_four_work(const GemmShape& shape);

/// A pruned matrix for `m` tokens: TW, or TVW where the layout is 2:4 inside.
GemmWork tile_work(const sparsity::TileLayout& layout, std::int64_t m);

/// How a matrix is pruned where no layout is at hand.
struct UniformPattern {
  GemmKernel kernel = GemmKernel::tw;  ///< tw or tvw
  double sparsity = 0;                 ///< total, in [0, 1); TVW starts at 0.5, pure 2:4
  std::int32_t width = 128;            ///< G, columns of a panel
  /// K_i spreads evenly from (1 + imbalance) to (1 - imbalance) times its mean; in [0, 1].
  double imbalance = 0;
};

/// TW-2D with the square-root split: r = sqrt(1 - s) of the columns and of each panel's rows are
/// kept, of TVW sqrt(2 (1 - s)), the rest being 2:4
/// (docs/systems/tvw.md, "TW-2D scores" and "TVW groups"). Kept rows are taken for independent
/// draws: mean run 1 / (1 - r), and a row is touched unless all panels drop it.
/// Throws base::Error for a sparsity, width or imbalance out of range.
GemmWork uniform_work(const GemmShape& shape, const UniformPattern& pattern);

/// BW: blocks of `block` x `block`, a fraction `sparsity` of them dropped, evenly: column panels of
/// one block's width whose kept rows come in runs of a block.
GemmWork block_work(const GemmShape& shape, double sparsity, std::int32_t block = 32);

/// EW in CSR.
GemmWork csr_work(const GemmShape& shape, double sparsity);

}  // namespace orrery::models::gemm
