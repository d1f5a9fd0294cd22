#include "traces/slurm_fields.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "models/base/numbers.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

std::optional<double> parse_slurm_duration(std::string_view text) {
  std::int64_t days = 0;
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const std::string_view written = text.substr(0, dash);
    if (!all_digits(written) || written.size() > 7) return std::nullopt;
    days = *base::parse_integer(written);
    text.remove_prefix(dash + 1);
  }
  double fraction = 0;
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    const std::string_view written = text.substr(dot);
    if (!all_digits(written.substr(1))) return std::nullopt;
    fraction = base::parse_double(written).value_or(0);
    text = text.substr(0, dot);
  }
  // With days there are hours; without, they may be missing.
  const auto colons = std::count(text.begin(), text.end(), ':');
  if (colons != 2 && (colons != 1 || dash != std::string_view::npos)) return std::nullopt;
  std::array<std::int64_t, 3> parts{};
  for (std::size_t i = colons == 2 ? 0 : 1; i < 3; ++i) {
    const std::size_t stop = std::min(text.find(':'), text.size());
    const std::string_view part = text.substr(0, stop);
    if (!all_digits(part) || part.size() > 7) return std::nullopt;
    parts[i] = *base::parse_integer(part);
    if (i > 0 && parts[i] > 59) return std::nullopt;
    text.remove_prefix(std::min(stop + 1, text.size()));
  }
  const std::int64_t seconds = days * 86400 + parts[0] * 3600 + parts[1] * 60 + parts[2];
  return static_cast<double>(seconds) + fraction;
}

SlurmRun parse_slurm_state(std::string_view text) {
  // REQUEUED, NODE_FAIL, PREEMPTED and RESIZING with an end are runs that were cut off.
  constexpr std::string_view kWaiting[] = {"PENDING"};
  constexpr std::string_view kInProgress[] = {"RUNNING",   "SUSPENDED", "CONFIGURING", "COMPLETING",
                                              "SIGNALING", "STAGE_OUT", "STOPPED"};
  constexpr std::string_view kWithdrawn[] = {"CANCELLED", "REVOKED", "DEADLINE"};
  const std::string_view word = text.substr(0, std::min(text.find_first_of(" +"), text.size()));
  const auto is_in = [&](const auto& words) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
  };
  if (is_in(kWaiting)) return SlurmRun::waiting;
  if (is_in(kInProgress)) return SlurmRun::in_progress;
  return is_in(kWithdrawn) ? SlurmRun::withdrawn : SlurmRun::ended;
}

SlurmJobId parse_slurm_job_id(std::string_view text) {
  SlurmJobId id;
  const std::size_t dot = text.find('.');
  id.step = dot != std::string_view::npos;
  id.job = text.substr(0, dot);
  const std::size_t plus = id.job.find('+');
  if (plus == std::string_view::npos || !all_digits(id.job.substr(plus + 1))) return id;
  id.part = base::parse_integer(id.job.substr(plus + 1));
  if (id.part) id.job = id.job.substr(0, plus);
  return id;
}

}  // namespace orrery::traces
