// How long tiles of unequal length take on equal slots.
#pragma once

#include <cstdint>
#include <span>

namespace orrery::models::gemm {

/// Tiles of one length.
struct TileRun {
  double seconds = 0;
  std::int64_t count = 0;
};

/// Waves up to which a schedule is simulated; beyond, the closed form holds
/// (docs/systems/tvw.md, "Cost model").
inline constexpr std::int64_t kExactWaves = 4;

/// Seconds until the last tile ends, longest first, each on the slot that is free first.
///
/// `runs` in any order; `slots` >= 1. Up to kExactWaves tiles for each slot the schedule is exact
/// (the ceiling of waves where all tiles are alike). Beyond, half a wave of the longest tile is
/// added to the work shared evenly, but never less than the longest kExactWaves * slots tiles take
/// exactly: that keeps the result from falling where work grows. Longer tiles, more tiles or fewer
/// slots never make it shorter (independent tasks in one order have no scheduling anomalies); only
/// where unequal tiles pass from one form to the other with the number of slots may a slot more
/// cost up to half a tile.
double schedule_seconds(std::span<const TileRun> runs, std::int64_t slots);

}  // namespace orrery::models::gemm
