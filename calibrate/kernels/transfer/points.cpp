#include <algorithm>

#include "calibrate/kernels/ends_first.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"

namespace orrery::calibrate::transfer {

namespace {

constexpr std::int64_t kCheapBytes = 512 << 10;

}  // namespace

std::vector<std::int64_t> message_sizes(std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t size = least; size <= most; size *= 2)
    for (const std::int64_t s : {size, size + size / 2})
      if (s <= most) sizes.push_back(s);
  return sizes;
}

std::int64_t moves_of(std::int64_t bytes) {
  // Short runs: two threads that others interrupt seldom have two processors for long.
  constexpr std::int64_t kBytesOfRun = 4 << 20;
  constexpr std::int64_t kLeastMoves = 1;
  constexpr std::int64_t kMostMoves = 50;
  return std::clamp(kBytesOfRun / bytes, kLeastMoves, kMostMoves);
}

std::vector<CalibrationPoint> make_points(std::span<const std::int64_t> sizes,
                                          std::span<const Guess> ways) {
  std::vector<CalibrationPoint> points;
  const auto large = std::upper_bound(sizes.begin(), sizes.end(), kCheapBytes);
  std::vector<std::int64_t> order;
  for (const std::size_t s : ends_first(static_cast<std::size_t>(large - sizes.begin())))
    order.push_back(sizes[s]);
  order.insert(order.end(), large, sizes.end());
  for (const std::int64_t size : order)
    for (const Guess& way : ways) {
      const auto bytes = static_cast<double>(size);
      const double one = way.start_seconds + bytes / way.bytes_per_second;
      points.push_back({std::string(way.variant) + "-" + std::to_string(size) + "B",
                        std::string(way.variant),
                        {{"bytes", bytes}},
                        2 * one * static_cast<double>(moves_of(size))});
    }
  return points;
}

}  // namespace orrery::calibrate::transfer
