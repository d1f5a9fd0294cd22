#include "calibrate/app/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "calibrate/timing/statistics.hpp"
#include "models/profile/profile_warnings.hpp"

namespace orrery::calibrate::app {

namespace {

std::string percent(double fraction) {
  return fmt::format("{:.1f} %", fraction * 100);
}

std::string cost_line(const models::FittedCost& cost) {
  const bool known = cost.repeats.has_value();
  return fmt::format("{:<10} {:<22} {:>6} {:>9} {:>8} {:>9} {:>8}  {}\n", cost.kernel, cost.variant,
                     cost.points, percent(cost.held_out.median), percent(cost.held_out.p90),
                     known ? percent(cost.repeats->median) : "unknown",
                     known ? percent(cost.repeats->p90) : "unknown", cost.form);
}

std::string tally_line(const std::string& kernel, const KernelTally& tally) {
  std::string line =
      fmt::format("{}: {} of {} points measured", kernel, tally.measured, tally.planned);
  if (tally.left_out > 0) line += fmt::format(", {} left out (give more --budget)", tally.left_out);
  if (tally.skipped > 0) line += fmt::format(", {} skipped ({})", tally.skipped, tally.why_skipped);
  return line + "\n";
}

// What a fit should keep to on points that it had not seen; the checks of this project ask for it.

std::string warnings(const models::DeviceProfile& profile) {
  std::string text;
  for (const models::FittedCost& cost : profile.costs) {
    if (!noisy(cost.held_out)) continue;
    text += fmt::format(
        "warning: the fit of {} {} is off by {} in the median and {} at p90 (wanted: {:.0f} % and "
        "{:.0f} %); more points (--budget) or a quieter machine may help\n",
        cost.kernel, cost.variant, percent(cost.held_out.median), percent(cost.held_out.p90),
        models::kWideSpread.median * 100, models::kWideSpread.p90 * 100);
  }
  for (const models::FittedCost& cost : profile.costs) {
    if (!cost.repeats || !noisy(*cost.repeats)) continue;
    text += fmt::format(
        "warning: the machine was noisy: repeats of {} {} spread by {} in the median and {} at p90 "
        "(noisy: above {:.0f} % or {:.0f} %, ours); measure again where nothing else runs\n",
        cost.kernel, cost.variant, percent(cost.repeats->median), percent(cost.repeats->p90),
        models::kWideSpread.median * 100, models::kWideSpread.p90 * 100);
  }
  return text;
}

}  // namespace

std::string summary_text(const models::DeviceProfile& profile, const SessionResult& session,
                         std::span<const std::string> kernels,
                         std::span<const std::string> remarks) {
  const auto repeats = std::count_if(session.rows.begin(), session.rows.end(),
                                     [](const RawRow& row) { return !row.skipped(); });
  std::string text =
      fmt::format("{}: {}, {}\n{} repeats in {:.0f} s\n", profile.device, profile.device_name,
                  profile.backend, repeats, session.elapsed_seconds);
  for (std::size_t k = 0; k < kernels.size(); ++k)
    text += tally_line(kernels[k], session.tallies[k]);
  for (const std::string& remark : remarks) text += remark + "\n";
  text += fmt::format("\n{:<10} {:<22} {:>6} {:>18} {:>18}\n", "", "", "", "held-out error",
                      "spread of repeats");
  text += fmt::format("{:<10} {:<22} {:>6} {:>9} {:>8} {:>9} {:>8}  {}\n", "kernel", "variant",
                      "points", "median", "p90", "median", "p90", "form");
  for (const models::FittedCost& cost : profile.costs) text += cost_line(cost);
  const std::string warned = warnings(profile);
  return warned.empty() ? text : text + "\n" + warned;
}

}  // namespace orrery::calibrate::app
