#include "calibrate/app/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/profile/profile_warnings.hpp"

namespace orrery::calibrate::app {

namespace {

std::string percent(double fraction) {
  return fmt::format("{:.1f} %", fraction * 100);
}

/// `3.1 %    11.0 %`, or `unknown` twice.
std::string columns(const std::optional<models::ErrorSpread>& spread) {
  if (!spread) return fmt::format("{:>9} {:>8}", "unknown", "unknown");
  return fmt::format("{:>9} {:>8}", percent(spread->median), percent(spread->p90));
}

/// Which of the repeats were set aside, as a share of all.
std::string set_aside(const models::FittedCost& cost) {
  if (!cost.repeats_measured || *cost.repeats_measured == 0) return "unknown";
  return percent(static_cast<double>(cost.repeats_set_aside.value_or(0)) /
                 static_cast<double>(*cost.repeats_measured));
}

std::string cost_line(const models::FittedCost& cost) {
  return fmt::format("{:<10} {:<22} {:>6} {} {} {} {} {:>9}  {}\n", cost.kernel, cost.variant,
                     cost.points, columns(cost.held_out), columns(cost.held_out_of_medians),
                     columns(cost.repeats), columns(cost.neighbours), set_aside(cost), cost.form);
}

/// Whether an error or the spread of repeats is beyond what a reader of the profile is warned of.
bool wide(const models::ErrorSpread& spread) {
  return spread.median > models::kWideSpread.median || spread.p90 > models::kWideSpread.p90;
}

std::string tally_line(const std::string& kernel, const KernelTally& tally) {
  std::string line =
      fmt::format("{}: {} of {} points measured", kernel, tally.measured, tally.planned);
  if (tally.left_out > 0) line += fmt::format(", {} left out (give more --budget)", tally.left_out);
  if (tally.skipped > 0) line += fmt::format(", {} skipped ({})", tally.skipped, tally.why_skipped);
  if (tally.always_disturbed > 0)
    line += fmt::format(", {} of the measured in no fit: nearly always disturbed",
                        tally.always_disturbed);
  return line + "\n";
}

std::string warnings(const models::DeviceProfile& profile) {
  std::string text;
  for (const models::FittedCost& cost : profile.costs) {
    if (!wide(cost.held_out)) continue;
    text += fmt::format(
        "warning: the fit of {} {} is off by {} in the median and {} at p90 (wanted: {:.0f} % and "
        "{:.0f} %); more points (--budget) or a quieter machine may help\n",
        cost.kernel, cost.variant, percent(cost.held_out.median), percent(cost.held_out.p90),
        models::kWideSpread.median * 100, models::kWideSpread.p90 * 100);
  }
  for (const models::FittedCost& cost : profile.costs) {
    if (!cost.repeats || !wide(*cost.repeats)) continue;
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
  const auto disturbed = std::count_if(session.rows.begin(), session.rows.end(),
                                       [](const RawRow& row) { return !row.disturbed.empty(); });
  std::string text = fmt::format(
      "{}: {}, {}\n{} repeats in {:.0f} s, {} of them set aside as disturbed\n", profile.device,
      profile.device_name, profile.backend, repeats, session.elapsed_seconds, disturbed);
  for (std::size_t k = 0; k < kernels.size(); ++k)
    text += tally_line(kernels[k], session.tallies[k]);
  for (const std::string& remark : remarks) text += remark + "\n";
  text += fmt::format("\n{:<10} {:<22} {:>6} {:>18} {:>18} {:>18} {:>18} {:>9}\n", "", "", "",
                      "held-out error", "same, of medians", "spread of repeats", "neighbours add",
                      "repeats");
  text += fmt::format("{:<10} {:<22} {:>6}", "kernel", "variant", "points");
  for (int group = 0; group < 4; ++group) text += fmt::format(" {:>9} {:>8}", "median", "p90");
  text += fmt::format(" {:>9}  {}\n", "set aside", "form");
  for (const models::FittedCost& cost : profile.costs) text += cost_line(cost);
  const std::string warned = warnings(profile);
  return warned.empty() ? text : text + "\n" + warned;
}

}  // namespace orrery::calibrate::app
