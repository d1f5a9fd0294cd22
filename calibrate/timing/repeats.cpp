#include "calibrate/timing/repeats.hpp"

#include <algorithm>
#include <map>

#include "models/base/statistics.hpp"

namespace orrery::calibrate {

namespace {

constexpr const char* kSlow = "slow";

}  // namespace

PointTime point_time(std::span<const Repeat> repeats, int enough) {
  std::vector<double> all;
  std::vector<double> kept;
  for (const Repeat& repeat : repeats) {
    all.push_back(repeat.seconds);
    if (!repeat.disturbed) kept.push_back(repeat.seconds);
  }
  std::sort(all.begin(), all.end());
  PointTime time;
  time.median_seconds = base::sorted_quantile(all, 0.5);
  time.repeats = static_cast<int>(all.size());
  time.set_aside = static_cast<int>(all.size() - kept.size());
  if (kept.size() < static_cast<std::size_t>(enough)) kept = all;
  std::sort(kept.begin(), kept.end());
  time.seconds = std::min(base::sorted_quantile(kept, kUndisturbedQuantile),
                          base::sorted_quantile(all, kUndisturbedQuantile));
  time.spread = (base::sorted_quantile(kept, 0.9) - base::sorted_quantile(kept, 0.1)) /
                base::sorted_quantile(kept, 0.5);
  return time;
}

void mark_slow_visits(std::vector<RawRow>& rows) {
  std::vector<double> yardsticks;
  for (const RawRow& row : rows)
    if (row.repeat == 1 && row.yardstick_seconds > 0) yardsticks.push_back(row.yardstick_seconds);
  if (yardsticks.empty()) return;
  const double limit = kSlowYardstick * base::quantile(std::move(yardsticks), kYardstickQuantile);
  for (RawRow& row : rows)
    if (!row.skipped() && row.yardstick_seconds > limit)
      row.disturbed += (row.disturbed.empty() ? "" : " ") + std::string(kSlow);
}

std::vector<MeasuredPoint> measured_points(const Kernel& kernel,
                                           std::span<const CalibrationPoint> points,
                                           std::span<const RawRow> rows) {
  std::map<std::string, std::vector<Repeat>> repeats;
  for (const RawRow& row : rows)
    if (row.kernel == kernel.name() && !row.skipped())
      repeats[row.point].push_back({row.seconds, !row.disturbed.empty()});
  std::vector<MeasuredPoint> measured;
  for (const CalibrationPoint& point : points) {
    const auto found = repeats.find(point.id);
    if (found == repeats.end()) continue;
    const int enough = kernel.by_wall_clock() ? kLeastKept : kEnoughKept;
    const PointTime time = point_time(found->second, enough);
    if (kernel.by_wall_clock() && time.repeats - time.set_aside < enough) continue;
    measured.push_back(
        {point, time.seconds, time.median_seconds, time.spread, time.repeats, time.set_aside});
  }
  return measured;
}

}  // namespace orrery::calibrate
