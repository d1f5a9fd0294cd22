#include "models/gemm/schedule.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <queue>
#include <vector>

namespace orrery::models::gemm {

namespace {

/// Tiles of one length: whole waves, beyond `exact` tiles half a wave more than the work shared.
double alike(const TileRun& run, std::int64_t slots, std::int64_t exact) {
  if (run.count <= exact) {
    const std::int64_t waves = (run.count + slots - 1) / slots;
    return static_cast<double>(waves) * run.seconds;
  }
  return (static_cast<double>(run.count) / static_cast<double>(slots) + 0.5) * run.seconds;
}

/// The longest `most` tiles, exactly; `sorted` longest first.
double longest_first(const std::vector<TileRun>& sorted, std::int64_t slots, std::int64_t most) {
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (std::int64_t i = 0; i < slots; ++i) free_at.push(0);
  double last = 0;
  for (const TileRun& run : sorted) {
    for (std::int64_t i = 0; i < run.count && most > 0; ++i, --most) {
      const double end = free_at.top() + run.seconds;
      free_at.pop();
      free_at.push(end);
      last = std::max(last, end);
    }
  }
  return last;
}

}  // namespace

double schedule_seconds(std::span<const TileRun> runs, std::int64_t slots) {
  assert(slots >= 1);
  const std::int64_t exact = kExactWaves * slots;
  if (runs.size() == 1) return alike(runs.front(), slots, exact);
  std::vector<TileRun> sorted;
  std::int64_t tiles = 0;
  double sum = 0;
  for (const TileRun& run : runs) {
    if (run.count <= 0) continue;
    sorted.push_back(run);
    tiles += run.count;
    sum += run.seconds * static_cast<double>(run.count);
  }
  if (sorted.empty()) return 0;
  std::sort(sorted.begin(), sorted.end(),
            [](const TileRun& a, const TileRun& b) { return a.seconds > b.seconds; });
  const double least = longest_first(sorted, slots, exact);
  if (tiles <= exact) return least;
  return std::max(least, sum / static_cast<double>(slots) + 0.5 * sorted.front().seconds);
}

}  // namespace orrery::models::gemm
