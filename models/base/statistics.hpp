// The one rule for quantiles in this project, and the spread of a set of errors.
//
// Type 7, the default of numpy and R: with the n values in ascending order a[0..n-1] and
// h = (n - 1) p, the quantile is a[floor(h)] + (h - floor(h)) (a[floor(h) + 1] - a[floor(h)]).
// Of {1, 2, 3, 4} the median is 2.5 and the quantile at 0.9 is 3.7.
// Source: Hyndman and Fan, Sample quantiles in statistical packages, 1996.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace orrery::base {

/// Where a quantile of `count` values lies: between two ranks, `fraction` of the way up.
struct QuantileRanks {
  std::size_t lower = 0;
  std::size_t upper = 0;  ///< `lower` itself where no value is above it
  double fraction = 0;    ///< in [0, 1)

  /// The quantile, from the values at both ranks.
  double between(double lower_value, double upper_value) const;
};

/// For values that are counted rather than kept. `count` at least 1, `p` in [0, 1].
QuantileRanks quantile_ranks(std::size_t count, double p);

/// Of values in ascending order, at least one and none of them NaN; `p` in [0, 1].
double sorted_quantile(std::span<const double> ascending, double p);

/// The same of values in any order, in expected linear time; takes the values to reorder them.
double quantile(std::vector<double> values, double p);

/// The quantile at 0.5: the middle value, or the mean of the two middle ones.
double median(std::vector<double> values);

/// Sum with compensation (Neumaier), in the order given; 0 for none.
double compensated_sum(std::span<const double> values);

/// Compensated sum over count; at least one value.
double mean(std::span<const double> values);

/// How far a set of errors reaches, in the unit of the errors. The one form in which this project
/// states errors, so that any two of them can be compared.
struct Spread {
  double median = 0;
  double p90 = 0;
  std::size_t n = 0;  ///< how many errors

  bool operator==(const Spread&) const = default;
};

/// Of the errors as given: pass magnitudes for a spread of magnitudes. No errors: absent.
std::optional<Spread> spread_of(std::vector<double> errors);

}  // namespace orrery::base
