// Each pattern's rule once more, straight from the text: whole sorts, no shared steps.
#pragma once

#include <vector>

#include "models/sparsity/mask.hpp"
#include "models/sparsity/pattern.hpp"
#include "models/sparsity/scores.hpp"

namespace orrery::models::sparsity {

std::vector<Mask> naive_masks(const std::vector<Scores>& layers, const PruneOptions& options);

/// Random layers of a seed: two to four, of differing shapes that no panel or block divides.
std::vector<Scores> random_layers(std::uint64_t seed);

}  // namespace orrery::models::sparsity
