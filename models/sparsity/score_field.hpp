// Importance scores drawn from a seed, as there is no trained model (ours).
#pragma once

#include <cstdint>
#include <vector>

#include "models/sparsity/scores.hpp"

namespace orrery::models::sparsity {

/// S[k, n] = |N(0, 1)| * exp(a_k + b_n) with a_k, b_n ~ N(0, sigma), layer by layer; sigma >= 0
/// says how much whole rows and columns differ. The numbers of a layer depend on the seed, its
/// name and its shape only.
std::vector<Scores> score_field(const std::vector<LayerShape>& shapes, std::uint64_t seed,
                                double sigma);

}  // namespace orrery::models::sparsity
