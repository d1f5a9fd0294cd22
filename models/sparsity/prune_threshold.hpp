// The score above which units survive pruning.
//
// It is the quantile at the share to prune, by the rule of models/base/statistics.hpp, which the
// published artifact uses as well (read: numpy's default). What is strictly greater is kept, so
// that values equal to the threshold all go: no order of equals can change a result. A share of 0
// prunes nothing (ours: by the quantile, the strict rule would drop the least unit), for which the
// threshold is minus infinity.
#pragma once

#include <vector>

#include "models/sparsity/mask.hpp"
#include "models/sparsity/scores.hpp"

namespace orrery::models::sparsity {

/// Of unit scores; share in [0, 1]. Expected linear time; takes the values to reorder them. No
/// values: minus infinity.
double prune_threshold(std::vector<double> values, double share);

/// Of every element of every layer, without a copy of them: the upper half of the bits is counted,
/// and only values that share the wanted one's are looked at again. With `lowered` (a mask for
/// each layer) elements that it keeps count as -1, below every score.
double prune_threshold_of_elements(const std::vector<Scores>& layers, double share,
                                   const std::vector<const Mask*>& lowered = {});

}  // namespace orrery::models::sparsity
