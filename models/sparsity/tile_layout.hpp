// What remains of a pruned weight matrix, as the kernels run it: panels of columns, each with the
// rows it keeps.
//
// Everywhere in this folder W has K rows (the reduction) and N columns (the outputs), and
// Y[M, N] = X[M, K] W. Sources: docs/systems/tvw.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace orrery::models::sparsity {

/// A panel: the columns that share one set of kept rows, computed as one dense product of
/// rows.size() x columns.size() weights.
struct Panel {
  std::vector<std::int32_t> rows;     ///< of W, ascending; may be empty: the panel yields zeros
  std::vector<std::int32_t> columns;  ///< of W, ascending, at least one
};

/// A pruned weight matrix as panels. Columns that no panel names are pruned whole: their outputs
/// are zero.
struct TileLayout {
  std::int32_t rows = 0;      ///< K of the dense matrix
  std::int32_t columns = 0;   ///< N of the dense matrix
  std::vector<Panel> panels;  ///< left to right: ascending, no column in two of them
  /// Inside a panel, of every four consecutive kept rows of a column at most two are non-zero (TVW,
  /// and 2:4 where nothing else is pruned).
  bool two_of_four = false;
};

/// Throws base::Error, in one sentence, unless the layout keeps these promises: rows and columns in
/// range and ascending, columns at least one to a panel and in one only, the panels left to right.
void check(const TileLayout& layout);

/// The same of a layout and what it cuts up: `weights`, dense K x N, row after row. They must be as
/// many as the layout says, and of the form it promises where it is two_of_four.
void check(const TileLayout& layout, std::span<const float> weights);

}  // namespace orrery::models::sparsity
