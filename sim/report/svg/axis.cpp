#include "sim/report/svg/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "sim/report/report_numbers.hpp"

namespace orrery::report {

namespace {

/// A multiple of a unit, used from `least` of it on.
struct Multiple {
  double size;
  std::string_view name;
  double least;
};

constexpr double kKibi = 1024;
constexpr std::array kSeconds{Multiple{86400, "d", 3}, Multiple{3600, "h", 3},
                              Multiple{60, "min", 5},  Multiple{1, "s", 1},
                              Multiple{1e-3, "ms", 1}, Multiple{1e-6, "\xC2\xB5s", 0}};
constexpr std::array kBytes{
    Multiple{kKibi * kKibi * kKibi * kKibi, "TiB", 1}, Multiple{kKibi * kKibi * kKibi, "GiB", 1},
    Multiple{kKibi * kKibi, "MiB", 1}, Multiple{kKibi, "KiB", 1}, Multiple{1, "B", 0}};
constexpr std::array kShare{Multiple{0.01, "%", 0}};
constexpr std::array kPerSecond{Multiple{1, "1/s", 0}};
constexpr std::array kPlain{Multiple{1, "", 0}};

std::span<const Multiple> multiples_of(std::string_view unit) {
  if (unit == "seconds") return kSeconds;
  if (unit == "bytes") return kBytes;
  if (unit == "share") return kShare;
  if (unit == "per_second") return kPerSecond;
  return kPlain;
}

const Multiple& multiple_for(std::string_view unit, double largest) {
  const std::span<const Multiple> known = multiples_of(unit);
  for (const Multiple& multiple : known)
    if (std::abs(largest) >= multiple.least * multiple.size) return multiple;
  return known.back();
}

/// `value` to four digits; large ones with a power of ten.
std::string number_text(double value) {
  if (value != 0 && (std::abs(value) >= 1e7 || std::abs(value) < 1e-4)) {
    std::string out = fmt::format("{:.3g}", value);
    const std::size_t power = out.find('e') + 1;
    // 1e+07 reads 1e7.
    if (power > 0 && out[power] == '+') out.erase(power, 1);
    const std::size_t digits = power + (out[power] == '-' ? 1 : 0);
    if (power > 0 && out[digits] == '0') out.erase(digits, 1);
    return out;
  }
  // Adding zero takes the sign of a negative one.
  return fmt::format("{}", significant(value, 5) + 0.0);
}

double nice_step(double span, int most) {
  const double raw = span / std::max(most, 1);
  const double ten = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double step : {1.0, 2.0, 5.0})
    if (step * ten >= raw * 0.9999) return step * ten;
  return 10 * ten;
}

std::vector<Tick> even_ticks(double low, double high, double size, int most, bool named,
                             std::string_view name) {
  const double step = nice_step((high - low) / size, most);
  const double first = std::ceil(low / size / step - 1e-9);
  const double last = std::floor(high / size / step + 1e-9);
  constexpr double kMost = 50;
  const int count = static_cast<int>(std::clamp(last - first + 1, 0.0, kMost));
  std::vector<Tick> out;
  for (int i = 0; i < count; ++i) {
    const double shown = significant((first + i) * step, 12);
    out.push_back({shown * size,
                   named ? fmt::format("{} {}", number_text(shown), name) : number_text(shown)});
  }
  return out;
}

std::string titled(std::string_view what, std::string_view unit) {
  if (what.empty()) return std::string(unit);
  if (unit == kPerSecond[0].name && what.ends_with("per second")) return std::string(what);
  return unit.empty() ? std::string(what) : fmt::format("{} ({})", what, unit);
}

/// Powers of ten in [low, high], times each of `steps`.
std::vector<double> powers(double low, double high, std::span<const double> steps) {
  std::vector<double> out;
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  for (int e = static_cast<int>(std::floor(std::log10(low))); e <= last; ++e)
    for (const double step : steps) out.push_back(significant(step * std::pow(10.0, e), 6));
  return out;
}

/// Round values of a logarithmic axis, coarse or fine.
std::vector<double> round_values(double low, double high, std::string_view unit, bool fine) {
  constexpr std::array kOne{1.0};
  constexpr std::array kThree{1.0, 2.0, 5.0};
  constexpr std::array kTimes{1.0,     10.0,    60.0,     600.0,    3600.0,
                              36000.0, 86400.0, 864000.0, 8640000.0};
  constexpr std::array kFineTimes{1.0,      2.0,      5.0,       10.0,      20.0,     30.0,
                                  60.0,     120.0,    300.0,     600.0,     1200.0,   1800.0,
                                  3600.0,   7200.0,   18000.0,   36000.0,   86400.0,  172800.0,
                                  432000.0, 864000.0, 1728000.0, 4320000.0, 8640000.0};
  const std::span<const double> steps =
      fine ? std::span<const double>(kThree) : std::span<const double>(kOne);
  std::vector<double> all;
  if (unit == "bytes") {
    const int most = static_cast<int>(std::floor(std::log2(high)));
    for (int e = static_cast<int>(std::floor(std::log2(low))); e <= most; ++e)
      if (fine || e % 4 == 0) all.push_back(std::exp2(e));
  } else if (unit == "seconds") {
    for (const double value : powers(low, high, steps))
      if (value < 1) all.push_back(value);
    const std::span<const double> times =
        fine ? std::span<const double>(kFineTimes) : std::span<const double>(kTimes);
    all.insert(all.end(), times.begin(), times.end());
    for (const double value : powers(low, high, kOne))
      if (value > 8.64e6) all.push_back(significant(value * 0.864, 6));
  } else {
    all = powers(low, high, steps);
  }
  std::erase_if(all, [&](double at) { return at < low * 0.9999 || at > high * 1.0001; });
  return all;
}

}  // namespace

double Axis::place(double value) const {
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  if (logarithmic) return std::log(std::max(value, low) / low) / std::log(high / low);
  // Halves, since the difference of two large values may overflow.
  return (value / 2 - low / 2) / (high / 2 - low / 2);
}

std::string value_text(double value, std::string_view unit) {
  const std::span<const Multiple> known = multiples_of(unit);
  const auto fits = [&](const Multiple& m) { return std::abs(value) >= 0.9999 * m.size; };
  const auto found = std::find_if(known.begin(), known.end(), fits);
  const Multiple& multiple = found == known.end() || value == 0 ? known.back() : *found;
  const std::string number = number_text(significant(value / multiple.size, 4));
  return multiple.name.empty() ? number : fmt::format("{} {}", number, multiple.name);
}

Axis linear_axis(double low, double high, std::string_view unit, std::string_view what, int most) {
  constexpr double kLargest = 1e300;
  if (!std::isfinite(low)) low = 0;
  if (!std::isfinite(high)) high = low + 1;
  low = std::clamp(low, -kLargest, kLargest);
  high = std::clamp(high, -kLargest, kLargest);
  // A step of one unit vanishes beside a large value.
  if (!(high > low)) high = low + std::max(std::abs(low) * 0.1, 1.0);
  const Multiple& multiple = multiple_for(unit, std::max(std::abs(low), std::abs(high)));
  Axis out{low, high, false, titled(what, multiple.name)};
  out.ticks = even_ticks(low, high, multiple.size, most, false, {});
  return out;
}

Axis log_axis(double low, double high, std::string_view unit, std::string_view what) {
  Axis out{low, high, true, std::string(what)};
  std::vector<double> values = round_values(low, high, unit, false);
  if (values.size() < 3) values = round_values(low, high, unit, true);
  if (values.size() < 2) {
    const Multiple& multiple = multiple_for(unit, high);
    out.ticks = even_ticks(low, high, multiple.size, 5, true, multiple.name);
    return out;
  }
  const std::size_t every = (values.size() + 11) / 12;
  for (std::size_t i = 0; i < values.size(); i += every)
    out.ticks.push_back({values[i], value_text(values[i], unit)});
  return out;
}

Axis time_axis(double begin, double end) {
  const double from = begin >= 0 && begin < 0.05 * end ? 0 : begin;
  return linear_axis(from, end, "seconds", "simulated time", 8);
}

}  // namespace orrery::report
