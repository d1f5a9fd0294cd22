// A wait in a kernel that never ends: the kernel says which one in memory of the host, and traps.
#pragma once

#include <cstdint>
#include <string>

#include "calibrate/device/cuda_launch.hpp"

namespace orrery::calibrate::gemm_cuda {

/// What a thread of the wgmma family waits for.
enum class Wait : std::uint32_t { none = 0, filled = 1, emptied = 2, ticket = 3, ticket_read = 4 };

/// One word: the wait, the slot of the ring, the warp, and the lower bits of the block.
ORRERY_HOST_DEVICE constexpr std::uint32_t stall_code(Wait wait, int slot, int warp,
                                                      std::uint32_t block) {
  return static_cast<std::uint32_t>(wait) | static_cast<std::uint32_t>(slot & 15) << 4 |
         static_cast<std::uint32_t>(warp & 15) << 8 | (block & 0xffffU) << 12;
}

/// The word, as the device addresses it; taken from the host's memory at the first call, so that it
/// can be read after the kernel has trapped. Throws base::Error.
std::uint32_t* stall_word();

/// " (the wait ...)" where a kernel of this process stalled, else nothing.
std::string stall_sentence();

/// The sentence for a code.
std::string describe_stall(std::uint32_t code);

}  // namespace orrery::calibrate::gemm_cuda
