#include "calibrate/device/cuda_launch.hpp"

#include <cuda_runtime_api.h>

#include <algorithm>

#include "calibrate/device/cuda_errors.hpp"

namespace orrery::calibrate {

int resident_blocks(const void* kernel, int threads, int shared_bytes) {
  int resident = 0;
  require_cuda(cudaOccupancyMaxActiveBlocksPerMultiprocessor(
                   &resident, kernel, threads, static_cast<std::size_t>(shared_bytes)),
               "asking how many blocks fit a multiprocessor");
  return std::max(resident, 1);
}

}  // namespace orrery::calibrate
