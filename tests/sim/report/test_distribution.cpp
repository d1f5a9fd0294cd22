#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/base/random.hpp"
#include "sim/report/confidence.hpp"
#include "sim/report/distribution.hpp"
#include "sim/report/human_time.hpp"
#include "sim/report/latency_histogram.hpp"

using namespace orrery;
using namespace orrery::report;

TEST_CASE("a distribution needs a value, sorts, and sums with compensation") {
  std::vector<double> none;
  CHECK_FALSE(distribution_of(none).has_value());
  std::vector<double> values{3, 1, 2};
  const auto three = distribution_of(values);
  REQUIRE(three.has_value());
  CHECK(*three == Distribution{2, 2, 2.9, 2.98});
  CHECK(values == std::vector<double>{1, 2, 3});
  // Plain summation loses the small terms.
  std::vector<double> tiny(10'001, 1e-16);
  tiny.back() = 1;
  CHECK(distribution_of(tiny)->mean == doctest::Approx((1 + 1e-12) / 10'001).epsilon(1e-16));
}

TEST_CASE("latencies: count, mean and maximum are exact, percentiles within one per cent") {
  LatencyHistogram histogram;
  CHECK(histogram.percentile_seconds(0.5) == 0);
  base::RandomStream random(11, "latencies");
  std::vector<double> all;
  double sum = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double seconds = std::exp(-12 + 3 * random.uniform());
    histogram.add(seconds);
    all.push_back(seconds);
    sum += seconds;
  }
  std::sort(all.begin(), all.end());
  CHECK(histogram.count() == 20'000);
  CHECK(histogram.mean_seconds() == sum / 20'000);
  CHECK(histogram.max_seconds() == all.back());
  for (const double p : {0.01, 0.5, 0.9, 0.99, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * 20'000)) - 1;
    CHECK(histogram.percentile_seconds(p) == doctest::Approx(all[rank]).epsilon(0.01));
  }
  LatencyHistogram extremes;
  extremes.add(0);
  extremes.add(1e9);
  CHECK(extremes.percentile_seconds(0.5) <= 1.02e-9);
  CHECK(extremes.max_seconds() == 1e9);
}

TEST_CASE("confidence intervals follow Student's t") {
  // Quantiles with a closed form: one and two degrees of freedom.
  CHECK(student_t_975(1) == doctest::Approx(std::tan(0.475 * std::acos(-1.0))).epsilon(1e-4));
  CHECK(student_t_975(2) == doctest::Approx(0.95 * std::sqrt(2 / (1 - 0.95 * 0.95))).epsilon(1e-4));
  // The table goes over into the series without a step, and the series into the normal.
  CHECK(student_t_975(30) - student_t_975(31) > 0);
  CHECK(student_t_975(30) - student_t_975(31) < 0.004);
  CHECK(student_t_975(1'000'000) == doctest::Approx(1.959966).epsilon(1e-6));
  const std::vector<double> values{2, 4, 6};
  const Estimate three = estimate(values);
  CHECK(three.mean == 4);
  CHECK(three.half_width.value() == doctest::Approx(4.3027 * 2 / std::sqrt(3.0)));
  CHECK_FALSE(estimate(std::vector<double>{2}).half_width.has_value());
}

TEST_CASE("times in words") {
  CHECK(duration_text(0) == "0 s");
  CHECK(duration_text(0.25) == "0.25 s");
  CHECK(duration_text(59.9999) == "1 min");
  CHECK(duration_text(1e12) == "11574074 d 2 h");
  CHECK(duration_text(8.64e20) == "10000000000000000 d");
  CHECK(instant_text(1e30) == "1e+30 s");
  CHECK(duration_text(60) == "1 min");
  CHECK(duration_text(3599.7) == "1 h");
  CHECK(duration_text(10923) == "3 h 2 min");
  CHECK(duration_text(86399) == "1 d");
  CHECK(duration_text(90000) == "1 d 1 h");
  CHECK(duration_text(40 * 86400.0 + 3 * 3600) == "40 d 3 h");
  CHECK(instant_text(0) == "0 s (day 0 00:00:00)");
  CHECK(instant_text(93784.5) == "93784.5 s (day 1 02:03:04)");
  CHECK(short_duration_text(11556) == "3.21 h");
  CHECK(short_duration_text(0.000012) == "12.0 us");
  CHECK(short_duration_text(45) == "45.0 s");
}
