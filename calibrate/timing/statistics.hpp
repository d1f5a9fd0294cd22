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

/// Whether an error or the spread of repeats is beyond what a reader of the profile is warned of
/// (models::kWideSpread): the machine should be made quiet and measured again.
bool noisy(const models::ErrorSpread& spread);

}  // namespace orrery::calibrate
