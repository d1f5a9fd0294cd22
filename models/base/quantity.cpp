#include "models/base/quantity.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <span>

#include "models/base/numbers.hpp"

namespace orrery::base {

namespace {

/// One unit is `times / per` base units. Two factors, because dividing by 1000 is exact where
/// multiplying by 0.001 is not.
struct Unit {
  std::string_view name;
  double times = 1;
  double per = 1;

  double to_base(double value) const { return value * times / per; }
  double from_base(double value) const { return value * per / times; }
};

constexpr double kKi = 1024;

constexpr Unit kTime[] = {{"ns", 1, 1e9}, {"us", 1, 1e6}, {"ms", 1, 1e3}, {"s"},
                          {"min", 60},    {"h", 3600},    {"d", 86400}};
constexpr Unit kBytes[] = {{"B"},
                           {"kB", 1e3},
                           {"MB", 1e6},
                           {"GB", 1e9},
                           {"TB", 1e12},
                           {"PB", 1e15},
                           {"KiB", kKi},
                           {"MiB", kKi* kKi},
                           {"GiB", kKi* kKi* kKi},
                           {"TiB", kKi* kKi* kKi* kKi},
                           {"PiB", kKi* kKi* kKi* kKi* kKi}};
constexpr Unit kRates[] = {{"B/s"},
                           {"kB/s", 1e3},
                           {"MB/s", 1e6},
                           {"GB/s", 1e9},
                           {"TB/s", 1e12},
                           {"PB/s", 1e15},
                           {"KiB/s", kKi},
                           {"MiB/s", kKi* kKi},
                           {"GiB/s", kKi* kKi* kKi},
                           {"TiB/s", kKi* kKi* kKi* kKi},
                           {"PiB/s", kKi* kKi* kKi* kKi* kKi},
                           {"kbit/s", 1e3, 8},
                           {"Mbit/s", 1e6, 8},
                           {"Gbit/s", 1e9, 8},
                           {"Tbit/s", 1e12, 8}};
constexpr Unit kFlops[] = {{"FLOP/s"}, {"GFLOP/s", 1e9}, {"TFLOP/s", 1e12}, {"PFLOP/s", 1e15}};
constexpr Unit kHertz[] = {{"Hz"}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}};
constexpr Unit kWatts[] = {{"mW", 1, 1e3}, {"W"}, {"kW", 1e3}, {"MW", 1e6}};

std::span<const Unit> table(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return {};
    case Dimension::time:
      return kTime;
    case Dimension::bytes:
      return kBytes;
    case Dimension::bytes_per_second:
      return kRates;
    case Dimension::flops_per_second:
      return kFlops;
    case Dimension::hertz:
      return kHertz;
    case Dimension::watts:
      return kWatts;
  }
  return {};
}

/// How many leading characters of `text` are a number; 0 if none.
std::size_t number_length(std::string_view text) {
  const std::size_t sign = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const auto body = text.substr(sign);
  if (body.empty() || !(body[0] == '.' || (body[0] >= '0' && body[0] <= '9'))) return 0;
  double value = 0;
  const auto result = std::from_chars(body.data(), body.data() + body.size(), value);
  if (result.ec == std::errc::invalid_argument) return 0;
  return sign + static_cast<std::size_t>(result.ptr - body.data());
}

}  // namespace

std::string_view base_unit(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return "";
    case Dimension::time:
      return "seconds";
    case Dimension::bytes:
      return "bytes";
    case Dimension::bytes_per_second:
      return "bytes/s";
    case Dimension::flops_per_second:
      return "FLOP/s";
    case Dimension::hertz:
      return "hertz";
    case Dimension::watts:
      return "watts";
  }
  return "";
}

double largest(Dimension dimension) {
  switch (dimension) {
    case Dimension::none:
      return 1e12;
    case Dimension::time:
      return kLatestSecond;
    case Dimension::bytes:
      return 1e18;
    case Dimension::bytes_per_second:
      return 1e15;
    case Dimension::flops_per_second:
      return 1e21;
    case Dimension::hertz:
      return 1e15;
    case Dimension::watts:
      return 1e12;
  }
  return 0;
}

std::vector<std::string_view> units_of(Dimension dimension) {
  std::vector<std::string_view> names;
  for (const Unit& unit : table(dimension)) names.push_back(unit.name);
  return names;
}

QuantityResult parse_quantity(std::string_view text, Dimension dimension) {
  const std::size_t length = number_length(text);
  const auto number = parse_double(text.substr(0, length));
  if (!number) return {0, QuantityFault::not_a_number};
  std::string_view name = text.substr(length);
  name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));

  if (name.empty()) {
    // Trailing blanks are not a unit, and a plain number has no room for them either.
    if (dimension != Dimension::none) return {0, QuantityFault::missing_unit};
    if (length != text.size()) return {0, QuantityFault::not_a_number};
    return {*number, std::nullopt};
  }
  for (const Unit& unit : table(dimension)) {
    if (unit.name != name) continue;
    const double value = unit.to_base(*number);
    if (!std::isfinite(value)) return {0, QuantityFault::not_a_number};
    return {value, std::nullopt};
  }
  return {0, QuantityFault::unknown_unit};
}

std::string format_quantity(double value, Dimension dimension) {
  assert(std::isfinite(value));
  if (dimension == Dimension::none) return format_shortest(value);
  // The shortest text that reads back the same; of equally short ones that of the largest unit.
  // A number below one (`0.5 h`) is taken only where no unit is small enough to avoid it.
  std::string best;
  double best_scale = 0;
  bool best_whole = false;
  for (const Unit& unit : table(dimension)) {
    const double scale = unit.times / unit.per;
    const double number = unit.from_base(value);
    // Zero has no natural unit: the base unit says it best.
    if (!std::isfinite(number) || (value == 0 && scale != 1)) continue;
    if (unit.to_base(number) != value) continue;
    std::string text = format_shortest(number) + ' ' + std::string(unit.name);
    const bool whole = std::abs(number) >= 1;
    const bool shorter =
        text.size() < best.size() || (text.size() == best.size() && scale > best_scale);
    if (best.empty() || (whole && !best_whole) || (whole == best_whole && shorter)) {
      best = std::move(text);
      best_scale = scale;
      best_whole = whole;
    }
  }
  return best;
}

}  // namespace orrery::base
