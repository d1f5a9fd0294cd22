#include <algorithm>
#include <array>
#include <cassert>
#include <string>

#include "calibrate/kernels/ends_first.hpp"
#include "calibrate/kernels/memory/memory.hpp"

namespace orrery::calibrate::memory {

namespace {

constexpr std::array<Operation, 3> kOperations{{{"read", 1}, {"copy", 2}, {"triad", 3}}};

}  // namespace

std::span<const Operation> operations() {
  return kOperations;
}

const Operation& operation(std::string_view variant) {
  const auto found = std::find_if(kOperations.begin(), kOperations.end(),
                                  [&](const Operation& o) { return o.variant == variant; });
  assert(found != kOperations.end());
  return *found;
}

std::vector<std::int64_t> buffer_sizes(std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t size = 16 << 10; size <= most; size *= 2)
    for (const std::int64_t s : {size, size + size / 2})
      if (s >= least && s <= most) sizes.push_back(s);
  return sizes;
}

std::vector<CalibrationPoint> make_points(std::span<const std::int64_t> sizes,
                                          std::span<const Hierarchy> hierarchies,
                                          double (*seconds_of_run)(double bytes, int threads)) {
  std::vector<CalibrationPoint> points;
  for (const std::size_t s : ends_first(sizes.size()))
    for (const Operation& op : kOperations)
      for (const Hierarchy& hierarchy : hierarchies) {
        const std::int64_t bytes = sizes[s];
        const int threads = hierarchy.threads;
        CalibrationPoint point;
        point.id = std::string(op.variant) + "-" + std::to_string(bytes >> 10) + "KiB";
        point.variant = op.variant;
        point.features = {{"bytes", static_cast<double>(bytes)}};
        if (threads > 0) {
          point.id += "-" + std::to_string(threads) + (threads == 1 ? "thread" : "threads");
          point.features.emplace_back("threads", threads);
        }
        point.estimated_seconds = seconds_of_run(static_cast<double>(bytes), threads);
        points.push_back(std::move(point));
      }
  return points;
}

std::int64_t passes_of(std::int64_t bytes) {
  constexpr std::int64_t kBytesOfRun = 24 << 20;
  return std::max<std::int64_t>(1, kBytesOfRun / bytes);
}

}  // namespace orrery::calibrate::memory
