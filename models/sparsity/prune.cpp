#include "models/sparsity/prune.hpp"

#include "models/sparsity/prune_steps.hpp"

namespace orrery::models::sparsity {

std::vector<PrunedLayer> prune(const std::vector<Scores>& layers, const PruneOptions& options) {
  check(options);
  const double s = options.sparsity;
  switch (options.pattern) {
    case Pattern::ew:
      return prune_elements(layers, s);
    case Pattern::vw:
      return prune_vectors(layers, s, options.vector_length);
    case Pattern::bw:
      return prune_blocks(layers, s, options.block_size);
    case Pattern::tw1:
      return prune_tiles_1d(layers, s, options);
    case Pattern::tw2:
      return prune_tiles_2d(layers, s, options);
    case Pattern::tw1m:
    case Pattern::tw2m: {
      const double overlay = overlay_of(options);
      auto pruned = options.pattern == Pattern::tw1m ? prune_tiles_1d(layers, s + overlay, options)
                                                     : prune_tiles_2d(layers, s + overlay, options);
      restore_elements(layers, overlay, pruned);
      return pruned;
    }
    case Pattern::tvw: {
      // Total sparsity s = 1 - (1 - s_tw) / 2 (ours).
      auto pruned = prune_tiles_2d(layers, 1 - 2 * (1 - s), options);
      prune_two_of_four(layers, pruned);
      return pruned;
    }
  }
  return {};
}

}  // namespace orrery::models::sparsity
