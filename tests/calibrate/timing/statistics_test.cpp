// Percentiles by hand, and where a spread is called noisy.
#include "calibrate/timing/statistics.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace orrery::calibrate;

TEST_CASE("percentiles interpolate linearly between neighbours, whatever the order") {
  CHECK(percentile({3, 1, 2}, 0.5) == 2);
  CHECK(percentile({4, 1, 2, 3}, 0.5) == 2.5);
  CHECK(percentile({5, 1, 2, 3, 4}, 0.9) == doctest::Approx(4.6));
  CHECK(percentile({5, 1, 2, 3, 4}, 0.1) == doctest::Approx(1.4));
  CHECK(percentile({7}, 0.9) == 7);
  CHECK(percentile({1, 9}, 0) == 1);
  CHECK(percentile({1, 9}, 1) == 9);
  CHECK_THROWS_AS(percentile({}, 0.5), std::invalid_argument);
}

TEST_CASE("a point's spread is p90 less p10 over the median") {
  CHECK(repeat_spread({1, 2, 3, 4, 5}) == doctest::Approx((4.6 - 1.4) / 3));
  CHECK(repeat_spread({2}) == 0);
}

TEST_CASE("a machine is noisy by the median or by the worst points") {
  CHECK_FALSE(noisy({0.10, 0.20}));
  CHECK(noisy({0.11, 0.15}));
  CHECK(noisy({0.01, 0.21}));
  const std::vector<MeasuredPoint> points{{{}, 1, 0.1, 3}, {{}, 1, 0.3, 3}, {{}, 1, 0.2, 3}};
  const auto spread = spread_over(points);
  CHECK(spread.median == doctest::Approx(0.2));
  CHECK(spread.p90 == doctest::Approx(0.28));
}
