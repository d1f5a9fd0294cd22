#include "models/base/portable_math.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/models/base/support.hpp"

using namespace orrery::base;

namespace {

/// Distance of `value` from the long double reference, in units in the last place of a double.
double ulps(double value, long double reference) {
  const double rounded = static_cast<double>(reference);
  const double unit = std::nextafter(std::abs(rounded), HUGE_VAL) - std::abs(rounded);
  return static_cast<double>(std::abs(static_cast<long double>(value) - reference) / unit);
}

}  // namespace

TEST_CASE("the logarithm stays within two units of the extended reference") {
  CHECK(portable_log(1) == 0);
  double worst = 0;
  test::TestNumbers numbers(1);
  for (int i = 0; i < 200000; ++i) {
    const double fraction = static_cast<double>(numbers.next() >> 11) * 0x1p-53 + 0x1p-54;
    const double x = i % 3 == 0 ? fraction
                     : i % 3 == 1
                         ? 0.7 + 0.8 * fraction
                         : std::ldexp(0.5 + fraction / 2, static_cast<int>(i % 2000) - 1000);
    worst = std::max(worst, ulps(portable_log(x), std::log(static_cast<long double>(x))));
  }
  CHECK(worst < 2);
  CHECK(portable_log(std::numeric_limits<double>::denorm_min()) == doctest::Approx(-744.4400719));
}

TEST_CASE("the exponential stays within two units of the extended reference") {
  CHECK(portable_exp(0) == 1);
  double worst = 0;
  test::TestNumbers numbers(2);
  for (int i = 0; i < 200000; ++i) {
    const double fraction = static_cast<double>(numbers.next() >> 11) * 0x1p-53;
    const double x = (fraction - 0.5) * (i % 2 == 0 ? 1400 : 2);
    worst = std::max(worst, ulps(portable_exp(x), std::exp(static_cast<long double>(x))));
  }
  CHECK(worst < 2);
  CHECK(std::isinf(portable_exp(710)));
  CHECK(portable_exp(-746) == 0);
  CHECK(portable_exp(709.7) == doctest::Approx(std::exp(709.7)).epsilon(1e-14));
}
