#include "sim/app/profile_quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>

namespace orrery::app {

namespace {

struct Unit {
  double size;
  std::string_view name;
};

constexpr double kKiB = 1024;
constexpr std::array<Unit, 4> kTimes = {{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}}};
constexpr std::array<Unit, 5> kBytes = {{{kKiB * kKiB * kKiB * kKiB, "TiB"},
                                         {kKiB * kKiB * kKiB, "GiB"},
                                         {kKiB * kKiB, "MiB"},
                                         {kKiB, "KiB"},
                                         {1, "B"}}};
constexpr std::array<Unit, 5> kRates = {{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}}};

/// In the largest unit of which the value has one, else in the smallest.
std::string scaled(double value, std::span<const Unit> units, std::string_view suffix = "") {
  const Unit* unit = &units.back();
  for (const Unit& candidate : units) {
    if (std::abs(value) < candidate.size) continue;
    unit = &candidate;
    break;
  }
  return fmt::format("{:.4g} {}{}", value / unit->size, unit->name, suffix);
}

}  // namespace

std::string quantity_of(std::string_view name, double value) {
  if (name.ends_with("bytes_per_second")) return scaled(value, kRates, "B/s");
  if (name.ends_with("flops_per_second")) return scaled(value, kRates, "FLOP/s");
  if (name.ends_with("hertz")) return scaled(value, kRates, "Hz");
  if (name.ends_with("_per_second")) return fmt::format("{:.4g} /s", value);
  if (name.ends_with("seconds")) return value == 0 ? "0 s" : scaled(value, kTimes);
  if (name.ends_with("bytes")) return scaled(value, kBytes);
  return fmt::format("{:.6g}", value);
}

std::string percent(double fraction) {
  return fmt::format("{:.1f} %", 100 * fraction);
}

}  // namespace orrery::app
