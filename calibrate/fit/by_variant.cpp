#include "calibrate/fit/by_variant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <utility>

#include "models/base/error.hpp"
#include "models/base/statistics.hpp"

namespace orrery::calibrate {

namespace {

/// The spread of a number of each point.
template <class Number>
base::Spread spread_over(std::span<const MeasuredPoint> points, const Number& number) {
  std::vector<double> values;
  for (std::size_t p = 0; p < points.size(); ++p) values.push_back(number(p));
  return *base::spread_of(std::move(values));
}

}  // namespace

models::FittedCost with_errors(VariantFit fit, std::span<const MeasuredPoint> points) {
  assert(!points.empty() && fit.left_out_seconds.size() == points.size());
  const std::vector<double>& predicted = fit.left_out_seconds;
  models::FittedCost cost = std::move(fit.cost);
  cost.points = points.size();
  cost.held_out = spread_over(
      points, [&](std::size_t p) { return std::abs(predicted[p] / points[p].seconds - 1); });
  cost.held_out_of_medians = spread_over(
      points, [&](std::size_t p) { return std::abs(predicted[p] / points[p].median_seconds - 1); });
  cost.repeats = spread_over(points, [&](std::size_t p) { return points[p].spread; });
  cost.neighbours = spread_over(
      points, [&](std::size_t p) { return points[p].median_seconds / points[p].seconds - 1; });
  std::size_t repeats = 0;
  std::size_t set_aside = 0;
  for (const MeasuredPoint& point : points) {
    repeats += static_cast<std::size_t>(point.repeats);
    set_aside += static_cast<std::size_t>(point.set_aside);
  }
  cost.repeats_measured = repeats;
  cost.repeats_set_aside = set_aside;
  return cost;
}

std::vector<models::FittedCost> fit_by_variant(
    std::span<const MeasuredPoint> points,
    const std::function<std::string(const MeasuredPoint&)>& variant_of,
    const std::function<VariantFit(const std::string& variant, std::span<const MeasuredPoint>)>&
        fit) {
  if (points.empty()) throw base::Error({}, "no point was measured", base::Fault::run_failed);
  std::map<std::string, std::vector<MeasuredPoint>> variants;
  for (const MeasuredPoint& point : points) variants[variant_of(point)].push_back(point);
  std::vector<models::FittedCost> costs;
  for (auto& [variant, mine] : variants) {
    std::sort(mine.begin(), mine.end(), [](const MeasuredPoint& a, const MeasuredPoint& b) {
      return a.point.id < b.point.id;
    });
    costs.push_back(with_errors(fit(variant, mine), mine));
  }
  return costs;
}

double feature_of(const MeasuredPoint& point, std::string_view name) {
  const auto value = models::find_number(point.point.features, name);
  if (!value)
    throw base::Error({}, fmt::format("point {} has no feature '{}'", point.point.id, name),
                      base::Fault::run_failed);
  return *value;
}

std::vector<double> seconds_of(std::span<const MeasuredPoint> points) {
  std::vector<double> seconds;
  for (const MeasuredPoint& point : points) seconds.push_back(point.seconds);
  return seconds;
}

}  // namespace orrery::calibrate
