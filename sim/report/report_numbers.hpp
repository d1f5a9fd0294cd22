// Numbers for a page: as many digits as an eye can use.
#pragma once

#include <cmath>

namespace orrery::report {

/// Rounded to `digits` significant digits.
inline double significant(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int place = digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  // Dividing by a power of ten that is exact gives the double nearest to the short decimal.
  if (place >= 0) {
    const double scale = std::pow(10.0, place);
    return std::isfinite(scale) ? std::round(value * scale) / scale : value;
  }
  const double scale = std::pow(10.0, -place);
  return std::round(value / scale) * scale;
}

}  // namespace orrery::report
