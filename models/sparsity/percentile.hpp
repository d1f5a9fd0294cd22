// The percentile below which units are pruned.
//
// As numpy's default ("linear", read: artifact): with the n values in ascending order a[0..n-1]
// and h = (n - 1) * share, it is a[floor(h)] + (h - floor(h)) * (a[floor(h) + 1] - a[floor(h)]).
// What is strictly greater is kept, so that values equal to the threshold all go: no order of
// equals can change a result. A share of 0 prunes nothing (ours: the strict rule would drop the
// least unit), for which the threshold is minus infinity.
#pragma once

#include <vector>

#include "models/sparsity/mask.hpp"
#include "models/sparsity/scores.hpp"

namespace orrery::models::sparsity {

/// Of unit scores; share in [0, 1]. Expected linear time; takes the values to reorder them. No
/// values: minus infinity.
double percentile(std::vector<double> values, double share);

/// Of every element of every layer, without a copy of them: the upper half of the bits is counted,
/// and only values that share the wanted one's are looked at again. With `lowered` (a mask for
/// each layer) elements that it keeps count as -1, below every score.
double percentile_of_elements(const std::vector<Scores>& layers, double share,
                              const std::vector<const Mask*>& lowered = {});

}  // namespace orrery::models::sparsity
