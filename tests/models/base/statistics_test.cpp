#include "models/base/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace orrery::base;

namespace {

using Values = std::vector<double>;

constexpr std::array kShares = {0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0};

struct Published {
  std::string name;
  Values values;
  std::array<double, kShares.size()> quantiles;  ///< at kShares
};

/// `numpy.quantile(values, share)` of numpy 1.24.2, printed by repr. The same figures follow from
/// the definition in exact fractions.
std::vector<Published> numpys_figures() {
  return {
      {"one value", {3.25}, {3.25, 3.25, 3.25, 3.25, 3.25, 3.25, 3.25, 3.25, 3.25}},
      {"two values", {1.0, 9.0}, {1.0, 1.8, 3.0, 5.0, 7.0, 8.2, 8.6, 8.92, 9.0}},
      {"odd", {3.0, 1.0, 2.0}, {1.0, 1.2, 1.5, 2.0, 2.5, 2.8, 2.9, 2.98, 3.0}},
      {"example of R",
       {1.0, 2.0, 3.0, 4.0, 10.0},
       {1.0, 1.4, 2.0, 3.0, 4.0, 7.6000000000000005, 8.799999999999999, 9.76, 10.0}},
      {"ties", {2.0, 2.0, 5.0, 2.0, 5.0, 5.0, 2.0}, {2.0, 2.0, 2.0, 2.0, 5.0, 5.0, 5.0, 5.0, 5.0}},
      {"negative",
       {-7.5, 0.0, -1.25, 3.0, -100.0, 42.0},
       {-100.0, -53.75, -5.9375, -0.625, 2.25, 22.5, 32.25, 40.050000000000004, 42.0}},
      {"wide",
       {1e-09, 1000000000.0, 3.7, 0.001, 250.0, 0.0, 6e+23, 81.0},
       {0.0, 7.000000000000001e-10, 0.00075000025, 42.35, 250000187.5, 1.800000000000006e+23,
        3.9e+23, 5.579999999999999e+23, 6e+23}},
  };
}

/// 100,000 values in no order, with ties.
Values many() {
  Values values;
  for (std::uint64_t i = 0; i < 100'000; ++i)
    values.push_back(static_cast<double>(i * i * 31 % 65537) / 7 - 4000);
  return values;
}

Values sorted(Values values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

TEST_CASE("quantiles are numpy's, sorted or not") {
  std::vector<Published> figures = numpys_figures();
  figures.push_back({"many",
                     many(),
                     {-4000.0, -3057.0, -1638.9285714285713, 678.2857142857147, 3000.7857142857138,
                      4417.142857142857, 4897.3071428571375, 5267.714285714286, 5362.0}});
  for (const Published& of : figures) {
    for (std::size_t i = 0; i < kShares.size(); ++i) {
      CAPTURE(of.name);
      CAPTURE(kShares[i]);
      CHECK(sorted_quantile(sorted(of.values), kShares[i]) ==
            doctest::Approx(of.quantiles[i]).epsilon(1e-13));
      CHECK(quantile(of.values, kShares[i]) == sorted_quantile(sorted(of.values), kShares[i]));
    }
    CHECK(median(of.values) == quantile(of.values, 0.5));
  }
}

TEST_CASE("quantiles do not depend on the order of the values") {
  constexpr std::uint32_t kSeed = 7;
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  for (const Published& of : numpys_figures()) {
    Values values = of.values;
    for (int times = 0; times < 20; ++times) {
      std::shuffle(values.begin(), values.end(), random);
      for (const double p : kShares) CHECK(quantile(values, p) == quantile(of.values, p));
    }
  }
}

TEST_CASE("equal and infinite neighbours are answered as they are") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK(sorted_quantile(Values{1, kInfinity, kInfinity, kInfinity}, 0.7) == kInfinity);
  CHECK(sorted_quantile(Values{-kInfinity, -kInfinity, 4}, 0.25) == -kInfinity);
  CHECK(sorted_quantile(Values{1, 2, kInfinity}, 0.5) == 2);
  CHECK(sorted_quantile(Values{0.1, 0.1, 0.1}, 0.3) == 0.1);
}

TEST_CASE("ranks name both neighbours and how far up between them") {
  const QuantileRanks ranks = quantile_ranks(5, 0.9);
  CHECK(ranks.lower == 3);
  CHECK(ranks.upper == 4);
  CHECK(ranks.fraction == doctest::Approx(0.6));
  CHECK(quantile_ranks(5, 1).lower == 4);
  CHECK(quantile_ranks(5, 1).upper == 4);
  CHECK(quantile_ranks(1, 0.3).upper == 0);
}

TEST_CASE("sums are compensated: what a large term swallows is not lost") {
  CHECK(compensated_sum(Values{}) == 0);
  CHECK(compensated_sum(Values{1, 1e100, 1, -1e100}) == 2);
  CHECK(mean(Values{1, 1e100, 1, -1e100}) == 0.5);
  CHECK(mean(Values{-3, 4}) == 0.5);
  // numpy.mean of the same values.
  CHECK(mean(many()) == doctest::Approx(680.4241114285715).epsilon(1e-13));
}

TEST_CASE("a spread of errors has their median, their 90th percentile and their number") {
  CHECK(spread_of({}) == std::nullopt);
  CHECK(spread_of({0.25}) == Spread{0.25, 0.25, 1});
  const auto spread = spread_of({10, 3, 1, 4, 2});
  REQUIRE(spread);
  CHECK(spread->median == 3);
  CHECK(spread->p90 == doctest::Approx(7.6));
  CHECK(spread->n == 5);
}
