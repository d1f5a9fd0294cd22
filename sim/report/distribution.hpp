// Mean and percentiles of a set of seconds.
#pragma once

#include <optional>
#include <vector>

namespace orrery::report {

/// Mean and percentiles (linear interpolation, type 7) of a set of seconds; empty set: absent.
struct Distribution {
  double mean = 0, p50 = 0, p95 = 0, p99 = 0;
  bool operator==(const Distribution&) const = default;
};

/// `values` is sorted in place. The mean is summed with compensation, in the sorted order.
std::optional<Distribution> distribution_of(std::vector<double>& values);

}  // namespace orrery::report
