// Which elements a thread of a grid touches: functions that run on both sides, so that tests count
// on the processor what a GPU would touch.
#pragma once

#include <cstddef>

#ifdef __CUDACC__
#define ORRERY_BOTH_SIDES __host__ __device__
#else
#define ORRERY_BOTH_SIDES
#endif

namespace orrery::calibrate::memory {

/// Threads of a block; the sum over a block halves them until one is left.
constexpr unsigned kBlockThreads = 256;

/// The first element of a thread, and how far it is to its next.
ORRERY_BOTH_SIDES constexpr std::size_t first_element(unsigned block, unsigned thread) {
  return std::size_t{block} * kBlockThreads + thread;
}
ORRERY_BOTH_SIDES constexpr std::size_t element_step(unsigned blocks) {
  return std::size_t{blocks} * kBlockThreads;
}

/// Blocks for that many elements: no more than there is work for, nor than fill the device.
constexpr unsigned grid_blocks(std::size_t elements, unsigned multiprocessors) {
  constexpr unsigned kBlocksOfMultiprocessor = 8;  // 2048 resident threads of 256 each
  const std::size_t needed = (elements + kBlockThreads - 1) / kBlockThreads;
  const std::size_t most = std::size_t{multiprocessors} * kBlocksOfMultiprocessor;
  return static_cast<unsigned>(needed < 1 ? 1 : needed < most ? needed : most);
}

}  // namespace orrery::calibrate::memory
