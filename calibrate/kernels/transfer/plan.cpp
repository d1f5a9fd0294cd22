#include <algorithm>

#include "calibrate/kernels/ends_first.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"

namespace orrery::calibrate::transfer {

std::vector<std::int64_t> message_sizes(std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t size = least; size <= most; size *= 2) sizes.push_back(size);
  return sizes;
}

std::int64_t moves_of(std::int64_t bytes) {
  constexpr std::int64_t kBytesOfRun = 4 << 20;
  constexpr std::int64_t kMostMoves = 64;
  return std::clamp<std::int64_t>(kBytesOfRun / bytes, 1, kMostMoves);
}

std::vector<CalibrationPoint> plan_points(std::span<const std::int64_t> sizes,
                                          std::span<const Guess> ways) {
  std::vector<CalibrationPoint> points;
  for (const std::size_t s : ends_first(sizes.size()))
    for (const Guess& way : ways) {
      const auto bytes = static_cast<double>(sizes[s]);
      const double one = way.start_seconds + bytes / way.bytes_per_second;
      points.push_back({std::string(way.variant) + "-" + std::to_string(sizes[s]) + "B",
                        std::string(way.variant),
                        {{"bytes", bytes}},
                        one * static_cast<double>(moves_of(sizes[s]))});
    }
  return points;
}

}  // namespace orrery::calibrate::transfer
