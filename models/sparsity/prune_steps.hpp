// The steps that `prune` puts together; for this folder alone.
#pragma once

#include <vector>

#include "models/sparsity/prune.hpp"

namespace orrery::models::sparsity {

/// EW: elements above the threshold over all layers.
std::vector<PrunedLayer> prune_elements(const std::vector<Scores>& layers, double sparsity);

/// VW: of each vector along K the floor((1 - s) * length) largest, of equals the upper. A short
/// last vector keeps floor((1 - s) * its length) (ours).
std::vector<PrunedLayer> prune_vectors(const std::vector<Scores>& layers, double sparsity,
                                       std::int32_t vector_length);

/// BW: blocks whose L2 norm is above the threshold over all blocks; blocks at the edges are cut.
std::vector<PrunedLayer> prune_blocks(const std::vector<Scores>& layers, double sparsity,
                                      std::int32_t block_size);

/// TW-1D: row segments of panels of G columns, by norm / width over all layers.
std::vector<PrunedLayer> prune_tiles_1d(const std::vector<Scores>& layers, double sparsity,
                                        const PruneOptions& options);

/// TW-2D: columns by norm / K, then segments of panels of G survivors by norm / width, the width
/// counted with the dropped columns. A panel reaches from behind the last survivor of the one
/// before to its own last survivor, the last panel to the matrix's end. A layer that loses all its
/// columns is ranked as one panel that scores 0 (read: artifact). The artifact ranks dropped
/// columns behind a full last panel so as well, which would keep 512 of 768 rows at 75 % where
/// section 1 has 384; we do not.
///
/// What this rule makes of the sparsity that is asked, for r = sqrt(1 - s) and panels of m
/// survivors that keep K_i of K rows (ours, exact but for the rounding of thresholds): it prunes
/// more by
///   r * (r * sum of K N - sum of K * surviving columns) + sum over panels of (G - m) (K_i - r K)
/// elements. The first term is not 0 where layers differ in K: norm / K falls with sqrt(K), so that
/// layers of the largest K lose columns first. The second comes of short last panels: a norm over
/// fewer columns divided by their width is larger, so that they keep more rows than r.
std::vector<PrunedLayer> prune_tiles_2d(const std::vector<Scores>& layers, double sparsity,
                                        const PruneOptions& options);

/// TEW: keeps of what is pruned also the best elements over all layers, `overlay` of all elements.
void restore_elements(const std::vector<Scores>& layers, double overlay,
                      std::vector<PrunedLayer>& pruned);

/// TVW: prunes of four consecutive kept rows of a panel all but the two largest elements of each
/// column, of equals the upper; a short last group keeps two as well.
void prune_two_of_four(const std::vector<Scores>& layers, std::vector<PrunedLayer>& pruned);

}  // namespace orrery::models::sparsity
