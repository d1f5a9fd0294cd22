// How many blocks a launch takes, and functions that run on both sides: tests call on the processor
// the index arithmetic that a kernel calls on the GPU.
#pragma once

#include <cstdint>

#ifdef __CUDACC__
#define ORRERY_HOST_DEVICE __host__ __device__
#else
#define ORRERY_HOST_DEVICE
#endif

namespace orrery::calibrate {

/// Blocks of a grid whose blocks stride over `items`: no more than there are items, nor than fill
/// the device with `resident` of them a multiprocessor; at least 1.
constexpr unsigned grid_blocks(std::int64_t items, std::int64_t multiprocessors,
                               std::int64_t resident) {
  const std::int64_t most = multiprocessors * resident;
  const std::int64_t blocks = items < most ? items : most;
  return static_cast<unsigned>(blocks < 1 ? 1 : blocks);
}

/// How many blocks of that kernel fit a multiprocessor of the current GPU, at least 1. Throws
/// DeviceLost.
int resident_blocks(const void* kernel, int threads, int shared_bytes);

}  // namespace orrery::calibrate
