// The GPU itself: is there one, and what it can run.
#include <cuda_runtime_api.h>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"

namespace orrery::calibrate::gemm_cuda {

std::optional<Device> find_device() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0) return std::nullopt;
  cudaDeviceProp properties{};
  require_cuda(cudaGetDeviceProperties(&properties, 0), "asking for the GPU's properties");
  Device device;
  device.name = properties.name;
  device.major = properties.major;
  device.minor = properties.minor;
  device.multiprocessors = properties.multiProcessorCount;
  device.memory_bytes = static_cast<std::int64_t>(properties.totalGlobalMem);
  require_cuda(cudaDriverGetVersion(&device.driver), "asking for the driver's version");
  require_cuda(cudaRuntimeGetVersion(&device.runtime), "asking for the runtime's version");
  require_cuda(cudaDeviceGetAttribute(&device.clock_khz, cudaDevAttrClockRate, 0),
               "asking for the clock");
  return device;
}

std::vector<Family> families_of(const Device& device) {
  if (device.major == 9 && device.minor == 0) return {Family::wgmma, Family::mma_sync};
  return {Family::mma_sync};
}

}  // namespace orrery::calibrate::gemm_cuda
