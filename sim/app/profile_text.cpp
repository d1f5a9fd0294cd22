#include "sim/app/profile_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/base/numbers.hpp"
#include "models/profile/profile_difference.hpp"
#include "models/profile/profile_warnings.hpp"
#include "sim/app/profile_quantity.hpp"

namespace orrery::app {

namespace {

using models::DeviceProfile;
using models::FittedCost;
using models::NamedNumbers;
using models::ProfileFile;

std::string counted(std::size_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string line_of(std::string_view label, const std::string& text) {
  return text.empty() ? "" : fmt::format("{:<13}{}\n", label, text);
}

std::string origin(const models::ProfileProvenance& provenance) {
  return provenance.measured_by == models::MeasuredBy::us
             ? "measured by orrery-calibrate, " + provenance.date
             : "times published by others, fitted by us, " + provenance.date;
}

std::string libraries(const models::NamedTexts& texts) {
  std::string out;
  for (const auto& [name, version] : texts) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, version);
  }
  return out;
}

std::string hardware(const NamedNumbers& numbers) {
  std::string out;
  for (const auto& [name, value] : numbers) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, quantity_of(name, value));
  }
  return out;
}

std::string profile_heading(const ProfileFile& file) {
  const DeviceProfile& p = file.profile;
  const models::ProfileProvenance& from = p.provenance;
  return line_of("device", p.device + ": " + p.device_name) +
         line_of("backend", p.backend + ", " + origin(from)) +
         line_of("hardware", hardware(p.hardware)) + line_of("host", from.host) +
         line_of("driver", from.driver) + line_of("clocks", from.clocks) +
         line_of("libraries", libraries(from.libraries)) + line_of("command", from.command) +
         line_of("profile", file.path + ", sha256 " + file.sha256) +
         line_of("measurements", fmt::format("{}, {}, sha256 {}", p.raw.file,
                                             counted(p.raw.rows, "row"), p.raw.sha256));
}

/// A line for each cost. Errors and repeats as median and 90th percentile.
std::string cost_table(const DeviceProfile& profile) {
  std::size_t kernel = 6;
  std::size_t variant = 7;
  for (const FittedCost& cost : profile.costs) {
    kernel = std::max(kernel, cost.kernel.size());
    variant = std::max(variant, cost.variant.size());
  }
  std::string out = fmt::format("\n{:<{}}  {:<{}} {:>7} {:>16} {:>8} {:>16} {:>8}  {}\n", "kernel",
                                kernel, "variant", variant, "points", "held-out median", "p90",
                                "repeats median", "p90", "form");
  for (const FittedCost& cost : profile.costs) {
    out +=
        fmt::format("{:<{}}  {:<{}} {:>7} {:>16} {:>8} {:>16} {:>8}  {}\n", cost.kernel, kernel,
                    cost.variant, variant, cost.points, percent(cost.held_out.median),
                    percent(cost.held_out.p90), cost.repeats ? percent(cost.repeats->median) : "-",
                    cost.repeats ? percent(cost.repeats->p90) : "-", cost.form);
  }
  return out;
}

void append_numbers(std::string& out, const char* heading, const NamedNumbers& numbers) {
  if (numbers.empty()) return;
  std::size_t width = 0;
  for (const auto& number : numbers) width = std::max(width, number.first.size());
  out += fmt::format("  {}\n", heading);
  for (const auto& [name, value] : numbers)
    out += fmt::format("    {:<{}}  {}\n", name, width, quantity_of(name, value));
}

/// What a shared machine did to the measurement; nothing for profiles fitted to medians or to
/// published times.
void append_disturbance(std::string& out, const FittedCost& cost) {
  const auto spread = [&](const char* what, const std::optional<models::ErrorSpread>& errors) {
    if (errors)
      out += fmt::format("    {:<17}  {} in the median, {} at p90\n", what, percent(errors->median),
                         percent(errors->p90));
  };
  if (!cost.held_out_of_medians && !cost.neighbours && !cost.repeats_measured) return;
  out += "  disturbance\n";
  spread("held-out, medians", cost.held_out_of_medians);
  spread("neighbours add", cost.neighbours);
  if (cost.repeats_measured && cost.repeats_set_aside)
    out += fmt::format("    {:<17}  {} of {} set aside\n", "repeats", *cost.repeats_set_aside,
                       *cost.repeats_measured);
}

std::string warnings_text(const DeviceProfile& profile, std::string_view indent) {
  std::string out;
  for (const std::string& warning : models::profile_warnings(profile))
    out += fmt::format("{}warning: {}\n", indent, warning);
  return out;
}

/// As people read it, or exactly where that would show no difference.
std::string value_text(const std::string& key, const std::optional<models::ProfileValue>& value,
                       bool exactly) {
  if (!value) return "(none)";
  if (const auto* text = std::get_if<std::string>(&*value)) {
    return text->empty() ? "(empty)" : *text;
  }
  const double number = std::get<double>(*value);
  if (exactly) return base::format_shortest(number);
  constexpr std::array kErrors = {".held_out.", ".held_out_of_medians.", ".repeats.",
                                  ".neighbours."};
  const bool error = std::ranges::any_of(
      kErrors, [&](const char* part) { return key.find(part) != std::string::npos; });
  return error ? percent(number) : quantity_of(key, number);
}

std::string change_text(double change) {
  constexpr double kShownInTenths = 0.0005;
  return std::abs(change) < kShownInTenths ? fmt::format(" ({:+.1e} %)", 100 * change)
                                           : fmt::format(" ({:+.1f} %)", 100 * change);
}

}  // namespace

std::string profile_text(const ProfileFile& file) {
  std::string out = profile_heading(file) + cost_table(file.profile);
  for (const FittedCost& cost : file.profile.costs) {
    out += fmt::format("\n{} {}\n", cost.kernel, cost.variant);
    append_numbers(out, "coefficients", cost.coefficients);
    append_numbers(out, "constants", cost.constants);
    append_disturbance(out, cost);
  }
  const std::string warnings = warnings_text(file.profile, "");
  return warnings.empty() ? out : out + "\n" + warnings;
}

std::string profile_verdict(const ProfileFile& file) {
  const DeviceProfile& p = file.profile;
  return fmt::format("{}: {}, {}, {}, sha256 {}\n", file.path, p.device,
                     counted(p.costs.size(), "cost"), counted(p.raw.rows, "row"), file.sha256) +
         warnings_text(p, "  ");
}

std::string difference_text(const ProfileFile& left, const ProfileFile& right) {
  std::string out;
  for (const auto& difference : models::profile_differences(left.profile, right.profile)) {
    std::string from = value_text(difference.key, difference.left, false);
    std::string to = value_text(difference.key, difference.right, false);
    if (from == to) {
      from = value_text(difference.key, difference.left, true);
      to = value_text(difference.key, difference.right, true);
    }
    const auto change = difference.change();
    out += fmt::format("{}: {} -> {}{}\n", difference.key, from, to,
                       change ? change_text(*change) : "");
  }
  return out;
}

}  // namespace orrery::app
