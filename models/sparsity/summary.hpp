// What pruning kept of a layer or a network, in numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sparsity/prune.hpp"

namespace orrery::models::sparsity {

/// Sums and spreads over one layer or several.
struct Summary {
  std::size_t elements = 0;
  std::size_t kept = 0;
  ScoreMass mass;
  std::size_t columns = 0;       ///< of all layers
  std::size_t kept_columns = 0;  ///< with at least one kept element
  std::size_t panels = 0;        ///< 0 for patterns without tiles
  std::int32_t least_rows = 0;   ///< K_i of the panel with the fewest rows
  std::int32_t most_rows = 0;
  double sum_rows = 0;
  double dense_bytes = 0;
  double bytes = 0;  ///< values and what says where they stand

  double sparsity() const;
  double mean_rows() const;
  /// Most rows of a panel by the mean, at least 1: what the slowest panel costs where all are as
  /// wide. 1 without panels.
  double imbalance() const;
};

/// Of one layer. Bytes are ours: values of 2 bytes; for EW and the overlay of TEW an index of 4
/// bytes for each value and for each row (CSR); for VW 4 bits for each value; for tiles an index of
/// 4 bytes for each row and column of a panel (of BW: for each block); for TVW two values and 4
/// bits for each four rows of a column.
Summary summarize(const Scores& scores, const PrunedLayer& pruned, const PruneOptions& options);

/// Of several layers.
Summary sum_of(const std::vector<Summary>& layers);

}  // namespace orrery::models::sparsity
