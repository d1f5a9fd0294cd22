#include "calibrate/timing/budget.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "models/base/random.hpp"

namespace orrery::calibrate {

namespace {

// Of making a point ready: some runs' worth, and never nothing.
constexpr int kRunsToPrepare = 2;
constexpr double kLeastSecondsToPrepare = 0.001;

}  // namespace

double visit_seconds(const CalibrationPoint& point, int repeats) {
  return kLeastSecondsToPrepare +
         (kRunsToPrepare + kWarmUps + repeats) * std::max(point.estimated_seconds, 0.0);
}

double visit_weight(const CalibrationPoint& point) {
  constexpr double kSecondsToMeet = 0.02;  // some time slices of a system
  return kSecondsToMeet + visit_seconds(point, kLeastRepeats);
}

std::size_t affordable(std::span<const CalibrationPoint> points, double seconds) {
  std::size_t count = 0;
  double total = 0;
  for (const CalibrationPoint& point : points) {
    total += kRounds * visit_seconds(point, kLeastRepeats);
    if (count > 0 && total > seconds) break;
    ++count;
  }
  return count;
}

std::vector<std::size_t> visit_order(std::size_t points, int round, std::uint64_t seed) {
  std::vector<std::size_t> order(points);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (round == 1) return order;
  base::RandomStream random(seed, "calibrate.round." + std::to_string(round));
  for (std::size_t p = points; p > 1; --p) std::swap(order[p - 1], order[random.below(p)]);
  return order;
}

double allowance(double seconds_left, double weight, double weights_to_come) {
  return std::max(seconds_left, 0.0) * weight / weights_to_come;
}

}  // namespace orrery::calibrate
