// Memory bandwidth: read, copy and triad over buffers that lie in each cache and beyond all.
//
//   read    sum of a        copy    b = a        triad   c = a + 3 b
//
// Cost: bytes over the rate of where they lie; a buffer twice the last cache of 32 MiB and a memory
// of 10 GB/s takes 6 ms a pass. Bytes count what the program reads and writes, as STREAM counts
// them (McCalpin); the lines that a processor fetches before it overwrites them are not counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "calibrate/kernels/kernel.hpp"

namespace orrery::calibrate::memory {

/// What is done, by how many arrays it touches.
struct Operation {
  std::string_view variant;
  int arrays;
};

/// `read`, `copy`, `triad`.
std::span<const Operation> operations();

/// The operation of that variant; asserts that there is one.
const Operation& operation(std::string_view variant);

/// A cache as the threads that share the work see it together.
struct Level {
  std::string_view name;  ///< `l1`, `l2`, `l3`
  double bytes = 0;       ///< of all that the threads use
};

/// Where buffers may lie for one number of threads, innermost first; memory itself is not listed.
struct Hierarchy {
  int threads = 1;  ///< 0: a GPU, always used whole
  std::vector<Level> levels;
};

/// Sizes in bytes (1, 1.5, 2, 3, 4, ... times 16 KiB) from `least` to `most`.
std::vector<std::int64_t> buffer_sizes(std::int64_t least, std::int64_t most);

/// The points of all operations for those sizes and thread counts. Largest and smallest sizes come
/// first and the gaps between are halved after, so that a short budget still spans all levels.
/// `bytes` is all that one pass reads and writes, over all arrays. `seconds_of_run` is a guess of
/// one run of so many bytes.
std::vector<CalibrationPoint> make_points(std::span<const std::int64_t> sizes,
                                          std::span<const Hierarchy> hierarchies,
                                          double (*seconds_of_run)(double bytes, int threads));

/// Passes in one run over so many bytes: as many as make a run long enough for the clock.
std::int64_t passes_of(std::int64_t bytes);

/// Fits each variant: start + bytes in each level over its rate, by thread count. Candidates differ
/// in how a buffer that outgrows a cache divides (all of it moves out, a cache's worth stays, it
/// moves out while it doubles, or along a curve) and in how much of the last cache is ours, which
/// on a shared machine is not all of it. Coefficients: `start_seconds`, `bytes_per_second` (beyond
/// all caches, the most threads), `l1_bytes_per_second` and so on; with the prefix `one_thread_` of
/// a single thread where there are several counts. Throws base::Error where points do not suffice.
std::vector<models::FittedCost> fit_memory(std::span<const MeasuredPoint> points,
                                           std::span<const Hierarchy> hierarchies,
                                           std::uint64_t seed);

}  // namespace orrery::calibrate::memory
