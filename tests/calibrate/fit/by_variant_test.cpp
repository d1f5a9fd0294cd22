// Variants fitted by themselves, and what a cost says of its points: undisturbed and by medians.
#include "calibrate/fit/by_variant.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/base/error.hpp"

using namespace orrery;
using namespace orrery::calibrate;

namespace {

MeasuredPoint point(const char* id, const char* variant, double seconds, double median) {
  return {{id, variant, {{"bytes", 8}}, 0}, seconds, median, 0.1, 20, 5};
}

}  // namespace

TEST_CASE("errors are against undisturbed times and, beside them, against medians") {
  const std::vector<MeasuredPoint> points{point("a", "v", 1, 1.5), point("b", "v", 2, 3),
                                          point("c", "v", 4, 6)};
  models::FittedCost cost;
  cost.kernel = "k";
  const auto told = with_errors({cost, {1.1, 1.8, 4}}, points);
  CHECK(told.kernel == "k");
  CHECK(told.points == 3);
  CHECK(told.held_out.median == doctest::Approx(0.1));
  CHECK(told.held_out.n == 3);
  CHECK(told.held_out_of_medians->median == doctest::Approx(1 - 4.0 / 6));
  CHECK(told.neighbours->median == doctest::Approx(0.5));
  CHECK(told.repeats->p90 == doctest::Approx(0.1));
  CHECK(*told.repeats_measured == 60);
  CHECK(*told.repeats_set_aside == 15);
}

TEST_CASE("each variant is fitted to its own points, whatever the order of measuring") {
  const std::vector<MeasuredPoint> points{point("c", "two", 1, 1), point("b", "one", 1, 1),
                                          point("a", "two", 2, 2)};
  std::vector<std::string> seen;
  const auto costs = fit_by_variant(
      points, [](const MeasuredPoint& p) { return p.point.variant; },
      [&](const std::string& variant, std::span<const MeasuredPoint> mine) {
        seen.push_back(variant);
        for (const MeasuredPoint& p : mine) seen.push_back(p.point.id);
        models::FittedCost cost;
        cost.variant = variant;
        return VariantFit{cost, seconds_of(mine)};
      });
  CHECK(seen == std::vector<std::string>{"one", "b", "two", "a", "c"});
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].variant == "one");
  CHECK(costs[1].points == 2);
  CHECK(costs[0].held_out.p90 == 0);
  CHECK_THROWS_WITH_AS(fit_by_variant({}, nullptr, nullptr), "no point was measured",
                       orrery::base::Error);
}

TEST_CASE("a feature that a point lacks is named with the point") {
  CHECK(feature_of(point("a", "v", 1, 1), "bytes") == 8);
  CHECK_THROWS_WITH_AS(feature_of(point("a", "v", 1, 1), "threads"),
                       "point a has no feature 'threads'", orrery::base::Error);
}
