#include "sim/report/unit_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/base/numbers.hpp"
#include "sim/report/human_time.hpp"
#include "sim/report/report_numbers.hpp"

namespace orrery::report {

using world::Unit;

namespace {

std::string bytes_text(double bytes) {
  static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t power = 0;
  for (; bytes >= 1024 && power + 1 < std::size(kUnits); ++power) bytes /= 1024;
  return fmt::format("{:.{}f} {}", bytes, power == 0 || bytes >= 100 ? 0 : 1, kUnits[power]);
}

/// Four digits, none of them a zero at the end.
std::string decimal_text(double value) {
  return base::format_shortest(significant(value, 4));
}

std::string count_text(double value) {
  // A mean over seeds of a count is not a whole number.
  return value == std::floor(value) ? fmt::format("{:.0f}", value) : decimal_text(value);
}

}  // namespace

std::string exact_text(Unit unit, double value) {
  if (unit == Unit::seconds) return fmt::format("{:.2f} s", value);
  if (unit == Unit::share) return fmt::format("{:.2f} %", value * 100);
  return cell_text(unit, value);
}

std::string cell_text(Unit unit, double value) {
  switch (unit) {
    case Unit::count:
      return count_text(value);
    case Unit::number:
    case Unit::per_second:
      return decimal_text(value);
    case Unit::seconds:
      return short_duration_text(value);
    case Unit::bytes:
      return bytes_text(value);
    case Unit::share:
      return fmt::format("{:.1f} %", value * 100);
    case Unit::ratio:
      return fmt::format("{:.2f}x", value);
  }
  return {};
}

}  // namespace orrery::report
