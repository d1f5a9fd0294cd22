#include "calibrate/timing/watch.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "calibrate/device/sharing.hpp"

namespace orrery::calibrate {

namespace {

constexpr double kLeastWait = 0.01;  // of a repeat
constexpr std::size_t kSide = 96;
constexpr int kYardsticks = 3;

/// c += a b, all of them kSide x kSide; the innermost loop runs along rows.
void multiply(const std::vector<float>& a, const std::vector<float>& b, std::vector<float>& c) {
  for (std::size_t i = 0; i < kSide; ++i)
    for (std::size_t k = 0; k < kSide; ++k) {
      const float factor = a[i * kSide + k];
      for (std::size_t j = 0; j < kSide; ++j) c[i * kSide + j] += factor * b[k * kSide + j];
    }
}

}  // namespace

std::string disturbance(const RunTime& run, double stolen_seconds) {
  std::string words;
  const auto add = [&](bool holds, const char* word) {
    if (!holds) return;
    words += words.empty() ? "" : " ";
    words += word;
  };
  add(run.lost.switches > 0, "switched");
  add(run.lost.waited_seconds >= kLeastWait * run.seconds, "waited");
  add(stolen_seconds > 0, "stolen");
  return words;
}

double yardstick_seconds() {
  static std::vector<float> a(kSide * kSide, 1e-3F);
  static std::vector<float> b(kSide * kSide, 1e-3F);
  static std::vector<float> c(kSide * kSide);
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kYardsticks; ++i) {
    const double begun = thread_seconds();
    multiply(a, b, c);
    least = std::min(least, thread_seconds() - begun);
  }
  // Halved, so that the sums stay small whatever the number of calls; nothing of it is left out.
  for (float& value : c) value *= 0.5F;
  return least;
}

Watch system_watch() {
  return {stolen_seconds, yardstick_seconds};
}

}  // namespace orrery::calibrate
