// Means and their 95 % confidence intervals: over seeds, and over blocks of what happened one after
// the other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace orrery::report {

/// A mean and the half width of its 95 % confidence interval. It has none where nothing tells how
/// sure it is: of one value, and of values that are all the same.
struct Estimate {
  double mean = 0;
  std::optional<double> half_width;
};

/// Of independent values, by Student's t. `values` must hold at least one.
Estimate estimate(std::span<const double> values);

/// Values in blocks, each of values that came one after the other.
struct Blocks {
  std::vector<double> counts;  ///< values in each block
  std::vector<double> sums;    ///< of these values
};

/// The half width of the interval of the mean of all values, each block a replication: the ratio
/// estimator of cluster samples, by Student's t with one degree of freedom less than blocks that
/// hold a value (Cochran, Sampling Techniques, section 6.4). Nothing for fewer than four such
/// blocks (ours: how much so few spread says little), and where all have the same mean.
std::optional<double> half_width_of(const Blocks& blocks);

/// The same by `resamples` draws of as many blocks, with replacement: half of what lies between the
/// 2.5 and the 97.5 % quantile of their means, widened as Student's t is against the normal
/// distribution, because few blocks spread too little. The same blocks give the same width.
std::optional<double> bootstrap_half_width_of(const Blocks& blocks, std::size_t resamples);

/// The 97.5 % quantile of Student's t with `freedom` >= 1 degrees of freedom.
double student_t_975(std::size_t freedom);

}  // namespace orrery::report
