#include <cuda_runtime_api.h>

#include <fmt/format.h>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/device.hpp"

namespace orrery::calibrate {

std::optional<DeviceDescription> describe_gpu(std::string& absent) {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  if (code != cudaSuccess || count == 0) {
    absent = why_no_gpu(code);
    return std::nullopt;
  }
  cudaDeviceProp properties{};
  require_cuda(cudaGetDeviceProperties(&properties, 0), "asking for the GPU's properties");
  int driver = 0;
  int runtime = 0;
  require_cuda(cudaDriverGetVersion(&driver), "asking for the driver's version");
  require_cuda(cudaRuntimeGetVersion(&runtime), "asking for the runtime's version");
  DeviceDescription gpu;
  gpu.name = properties.name;
  gpu.hardware = {{"multiprocessors", properties.multiProcessorCount},
                  {"memory_bytes", static_cast<double>(properties.totalGlobalMem)},
                  {"cache_bytes", properties.l2CacheSize},
                  {"compute_capability", properties.major + properties.minor / 10.0},
                  {"visible_devices", count}};
  gpu.driver = "CUDA " + cuda_version_text(driver);
  gpu.clocks = fmt::format(
      "multiprocessors up to {:.0f} MHz, memory up to {:.0f} MHz by the driver, not set",
      cuda_attribute(cudaDevAttrClockRate, "asking for the clock") / 1000.0,
      cuda_attribute(cudaDevAttrMemoryClockRate, "asking for the memory's clock") / 1000.0);
  gpu.libraries = {{"CUDA", cuda_version_text(runtime)}};
  return gpu;
}

}  // namespace orrery::calibrate
