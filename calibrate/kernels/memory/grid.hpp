// Which elements a thread of a grid touches: functions that run on both sides, so that tests count
// on the processor what a GPU would touch.
#pragma once

#include <cstddef>

#include "calibrate/device/cuda_launch.hpp"

namespace orrery::calibrate::memory {

/// Threads of a block; the sum over a block halves them until one is left.
constexpr unsigned kBlockThreads = 256;

/// The first element of a thread, and how far it is to its next.
ORRERY_HOST_DEVICE constexpr std::size_t first_element(unsigned block, unsigned thread) {
  return std::size_t{block} * kBlockThreads + thread;
}
ORRERY_HOST_DEVICE constexpr std::size_t element_step(unsigned blocks) {
  return std::size_t{blocks} * kBlockThreads;
}

/// Blocks of a pass over that many elements.
constexpr unsigned pass_blocks(std::size_t elements, unsigned multiprocessors) {
  constexpr std::int64_t kBlocksOfMultiprocessor = 8;  // 2048 resident threads of 256 each
  const std::size_t needed = (elements + kBlockThreads - 1) / kBlockThreads;
  return grid_blocks(static_cast<std::int64_t>(needed), multiprocessors, kBlocksOfMultiprocessor);
}

}  // namespace orrery::calibrate::memory
