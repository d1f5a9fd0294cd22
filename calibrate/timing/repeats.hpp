// From the repeats of a point to its time: what the device can do, and what neighbours add.
//
// A repeat that carries a sign of disturbance (watch.hpp) is set aside. Of the others a low
// quantile counts: what else runs on a machine can lengthen a repeat and not shorten it, and not
// all of it shows in a sign. For the same reason the low quantile of all repeats counts where it is
// less: what a sign was seen in need not have been slowed. All of it is ours.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "calibrate/timing/raw_rows.hpp"

namespace orrery::calibrate {

constexpr double kUndisturbedQuantile = 0.02;
/// Of all yardsticks of a session: a tenth of its visits at least should be undisturbed.
constexpr double kYardstickQuantile = 0.1;
/// Where a point has fewer repeats without a sign, all of its repeats are judged.
constexpr int kEnoughKept = 10;
/// So many are enough for a point of a kernel by the wall clock, whose disturbed ones say nothing.
constexpr int kLeastKept = 3;
/// A visit whose yardstick took longer than this many times the session's undisturbed one is slow.
constexpr double kSlowYardstick = 1.1;

/// One repeat of a point.
struct Repeat {
  double seconds = 0;
  bool disturbed = false;
};

/// What the repeats of one point say.
struct PointTime {
  double seconds = 0;         ///< undisturbed
  double median_seconds = 0;  ///< of all repeats
  double spread = 0;          ///< (p90 - p10) / median of those that were kept
  int repeats = 0;
  int set_aside = 0;
};

/// At least one repeat, all of positive seconds. Where fewer than `enough` are undisturbed, all are
/// judged.
PointTime point_time(std::span<const Repeat> repeats, int enough = kEnoughKept);

/// Adds the word `slow` to the rows of visits whose yardstick is above kSlowYardstick times the low
/// quantile of all yardsticks; rows without a yardstick are left as they are.
void mark_slow_visits(std::vector<RawRow>& rows);

/// The points of that kernel in `points` that have a time, in their order: all that have repeats,
/// but for points of a kernel by the wall clock with fewer than kLeastKept undisturbed ones.
std::vector<MeasuredPoint> measured_points(const Kernel& kernel,
                                           std::span<const CalibrationPoint> points,
                                           std::span<const RawRow> rows);

}  // namespace orrery::calibrate
