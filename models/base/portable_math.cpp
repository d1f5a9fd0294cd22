#include "models/base/portable_math.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace orrery::base {

namespace {

// ln 2 in two parts: the first has trailing zeros enough that its product with an exponent is
// exact.
constexpr double kLn2High = 0x1.62e42fee00000p-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

}  // namespace

double portable_log(double x) {
  assert(x > 0 && std::isfinite(x));
  // x = m * 2^k with m in [sqrt(1/2), sqrt(2)), so that log m is small and nothing cancels.
  int k = 0;
  double m = std::frexp(x, &k);
  if (m < 0.70710678118654752) {
    m *= 2;
    --k;
  }
  // log m = 2 atanh(s) = 2 (s + s^3/3 + s^5/5 + ...), s = (m-1)/(m+1), |s| < 0.172. With f = m - 1
  // exact, 2 s = f - s f keeps the leading term free of the division's error.
  const double f = m - 1;
  const double s = f / (2 + f);
  const double z = s * s;
  double tail = 0;
  for (int n = 23; n >= 3; n -= 2) tail = (tail + 1.0 / n) * z;
  const double exponent = k;
  // 2s = f - f^2/2 + s f^2/2.
  const double half_square = 0.5 * f * f;
  const double rest = s * (half_square + 2 * tail) + exponent * kLn2Low;
  return exponent * kLn2High - ((half_square - rest) - f);
}

double portable_exp(double x) {
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.1332191019412) return 0;
  // x = k ln 2 + r with |r| <= ln 2 / 2; the series of e^r to r^13 is exact to 2^-58.
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;
  double tail = 0;
  for (int n = 14; n >= 2; --n) tail = (1 + tail) * r / n;
  // e^r = 1 + r + r * tail; the error of r itself is carried along.
  const double error = (high - r) - low;
  return std::ldexp(1 + (r + (r * tail + error)), static_cast<int>(k));
}

}  // namespace orrery::base
