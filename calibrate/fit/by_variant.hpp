// Measured points of several variants, each fitted by itself, and what a profile says of a fit.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "calibrate/kernels/kernel.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate {

/// A fit and the seconds that it predicts of each of its points where that point was left out: by
/// fits, and a choice of the form, that the point had no part in.
struct VariantFit {
  models::FittedCost cost;  ///< kernel, variant, form, constants and coefficients
  std::vector<double> left_out_seconds;
};

/// The cost with what its points say: how many, the held-out error against undisturbed times and
/// against medians, the spread of repeats, what neighbours add and how many repeats were set aside.
/// As many predictions as points, at least one.
models::FittedCost with_errors(VariantFit fit, std::span<const MeasuredPoint> points);

/// Groups the points by what `variant_of` says of them, each group in the order of the points' ids,
/// fits each and completes it by with_errors. Costs in the order of the groups' names: nothing
/// depends on the order of measuring. Throws base::Error where there is no point, and what `fit`
/// throws.
std::vector<models::FittedCost> fit_by_variant(
    std::span<const MeasuredPoint> points,
    const std::function<std::string(const MeasuredPoint&)>& variant_of,
    const std::function<VariantFit(const std::string& variant, std::span<const MeasuredPoint>)>&
        fit);

/// The number of that name among a point's features; throws base::Error naming the point where it
/// has none.
double feature_of(const MeasuredPoint& point, std::string_view name);

/// The undisturbed times of the points.
std::vector<double> seconds_of(std::span<const MeasuredPoint> points);

}  // namespace orrery::calibrate
