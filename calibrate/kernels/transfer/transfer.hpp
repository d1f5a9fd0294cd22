// What it costs to move bytes: between two threads through shared memory or loopback sockets, and
// between a host and its GPU.
//
// Cost: a start and bytes over a rate; 64 MiB at 5 GB/s take 13 ms.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/kernels/kernel.hpp"

namespace orrery::calibrate::transfer {

/// What a way of moving bytes is guessed to cost; the budget is shared out by it.
struct Guess {
  std::string_view variant;
  double start_seconds = 0;
  double bytes_per_second = 1;
};

/// Sizes in bytes (1, 1.5, 2, 3, 4, ... times `least`) up to `most`.
std::vector<std::int64_t> message_sizes(std::int64_t least, std::int64_t most);

/// Moves in one run over so many bytes, the median of which counts.
std::int64_t moves_of(std::int64_t bytes);

/// The points of all ways for those sizes, which ascend: up to 512 KiB ends first, then the larger
/// ones, so that a short budget leaves out what costs most.
std::vector<CalibrationPoint> make_points(std::span<const std::int64_t> sizes,
                                          std::span<const Guess> ways);

/// Fits each variant that has points: start + bytes over a rate, or over rates of their own for the
/// bytes of a message up to one to four edges (a chunk's, a cache's size). Coefficients:
/// `start_seconds`, `bytes_per_second` (of the bytes beyond all edges), `first_bytes_per_second` up
/// to the constant `first_bytes`, from there to `second_bytes`, `third_bytes` and `fourth_bytes`
/// likewise; a rate that costs nothing beside the start is left out. Throws base::Error where
/// points do not suffice.
std::vector<models::FittedCost> fit_transfer(std::span<const MeasuredPoint> points,
                                             std::uint64_t seed);

}  // namespace orrery::calibrate::transfer
