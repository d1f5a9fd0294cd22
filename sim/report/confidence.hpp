// Means over seeds with their confidence intervals.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace orrery::report {

/// A mean and the half width of its 95 % confidence interval (Student's t); one value has none.
struct Estimate {
  double mean = 0;
  std::optional<double> half_width;
};

/// `values` must hold at least one.
Estimate estimate(std::span<const double> values);

/// The 97.5 % quantile of Student's t with `freedom` >= 1 degrees of freedom.
double student_t_975(std::size_t freedom);

}  // namespace orrery::report
