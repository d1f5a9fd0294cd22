#include <fmt/format.h>

#include "calibrate/kernels/gemm/cuda/stall.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

const char* awaited(std::uint32_t wait) {
  switch (static_cast<Wait>(wait)) {
    case Wait::filled:
      return "a stage to be filled";
    case Wait::emptied:
      return "a stage to be emptied";
    case Wait::ticket:
      return "a ticket";
    case Wait::ticket_read:
      return "a ticket to be read";
    case Wait::none:
      break;
  }
  return "something unknown";
}

}  // namespace

std::string describe_stall(std::uint32_t code) {
  return fmt::format("the wgmma kernel waited too long for {}: slot {}, warp {}, block {}",
                     awaited(code & 15U), code >> 4 & 15U, code >> 8 & 15U, code >> 12 & 0xffffU);
}

}  // namespace orrery::calibrate::gemm_cuda
