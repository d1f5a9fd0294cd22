// Pruning: from scores to what is kept.
#pragma once

#include <optional>
#include <vector>

#include "models/sparsity/mask.hpp"
#include "models/sparsity/pattern.hpp"
#include "models/sparsity/scores.hpp"
#include "models/sparsity/tile_layout.hpp"

namespace orrery::models::sparsity {

/// One layer after pruning.
struct PrunedLayer {
  Mask mask;
  /// Its tiles: of TW and TVW all that is kept; of TEW all but the overlay; of BW panels as wide
  /// as a block. Patterns without tiles (EW, VW) have none.
  std::optional<TileLayout> layout;
};

/// Prunes all layers together by one pattern (docs/systems/tvw.md, "Patterns"; pattern.hpp). The
/// result has one entry for each layer. Throws std::invalid_argument as `check(options)`. Cost: a
/// few passes over the elements and selection in linear time, no sort of elements.
std::vector<PrunedLayer> prune(const std::vector<Scores>& layers, const PruneOptions& options);

}  // namespace orrery::models::sparsity
