// Medians, percentiles and spreads of repeated measurements.
#pragma once

#include <span>
#include <vector>

#include "calibrate/kernels/kernel.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate {

/// The percentile of rank `share` in [0, 1], interpolated linearly between neighbours (type 7).
/// Throws std::invalid_argument where there is no value.
double percentile(std::vector<double> values, double share);

/// (p90 - p10) / median of the repeats of one point; 0 for a single one. Seconds are positive.
double repeat_spread(const std::vector<double>& seconds);

/// Median and 90th percentile of the points' spreads. Throws where there is no point.
models::ErrorSpread spread_over(std::span<const MeasuredPoint> points);

/// Where the spread of repeats is called noisy. Ours: held-out errors are to stay below 10 % in the
/// median and 20 % at p90, and repeats that differ by more than that cannot show it.
constexpr double kNoisyMedian = 0.10;
constexpr double kNoisyP90 = 0.20;

/// Whether the repeats spread so far that the machine should be made quiet and measured again.
bool noisy(const models::ErrorSpread& repeats);

}  // namespace orrery::calibrate
