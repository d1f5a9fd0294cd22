#include "sim/report/human_time.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "models/base/numbers.hpp"

namespace orrery::report {

namespace {

// Seconds from here on are in no days and hours: nobody counts those, and they fit in no integer.
constexpr double kWhole = 1e15;

/// At most `decimals` behind the point, no zeros at the end.
std::string rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return base::format_shortest(std::round(value * scale) / scale);
}

struct Units {
  const char* large;
  const char* small;
  double small_seconds;
  std::int64_t smalls_in_large;
};

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 59.9995) return rounded(seconds, 3) + " s";
  if (!(seconds < kWhole)) return short_duration_text(seconds);
  constexpr Units kUnits[] = {{"min", "s", 1, 60}, {"h", "min", 60, 60}, {"d", "h", 3600, 24}};
  for (const Units& unit : kUnits) {
    const auto smalls = static_cast<std::int64_t>(std::llround(seconds / unit.small_seconds));
    const std::int64_t larges = smalls / unit.smalls_in_large;
    const std::int64_t rest = smalls % unit.smalls_in_large;
    const bool last = unit.small_seconds == 3600;
    if (!last && larges >= (unit.small_seconds == 1 ? 60 : 24)) continue;
    if (rest == 0) return fmt::format("{} {}", larges, unit.large);
    return fmt::format("{} {} {} {}", larges, unit.large, rest, unit.small);
  }
  return {};
}

std::string short_duration_text(double seconds) {
  const double size = std::abs(seconds);
  const auto in = [&](double unit, const char* name) {
    const double value = seconds / unit;
    const int decimals = std::abs(value) >= 99.95 ? 0 : std::abs(value) >= 9.995 ? 1 : 2;
    return fmt::format("{:.{}f} {}", value, decimals, name);
  };
  if (size == 0) return "0 s";
  if (size < 1e-3) return in(1e-6, "us");
  if (size < 1) return in(1e-3, "ms");
  if (size < 120) return in(1, "s");
  if (size < 7200) return in(60, "min");
  if (size < 172800) return in(3600, "h");
  return in(86400, "d");
}

std::string instant_text(double seconds) {
  if (!(seconds < kWhole)) return rounded(seconds, 3) + " s";
  const auto whole = static_cast<std::int64_t>(std::floor(seconds));
  const std::int64_t day = whole / 86400;
  const std::int64_t rest = whole % 86400;
  return fmt::format("{} s (day {} {:02}:{:02}:{:02})", rounded(seconds, 3), day, rest / 3600,
                     rest / 60 % 60, rest % 60);
}

}  // namespace orrery::report
