#include <cuda_runtime_api.h>

#include <fmt/format.h>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/kernels/errors.hpp"

namespace orrery::calibrate {

namespace {

std::string version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

std::string absence(cudaError_t code) {
  if (code == cudaErrorInsufficientDriver)
    return "no NVIDIA driver is here, or one older than CUDA " + version_text(CUDART_VERSION) +
           ", with which this program was built";
  if (code == cudaErrorNoDevice || code == cudaSuccess) return "no GPU is visible here";
  return fmt::format("the GPU cannot be used: {}", cudaGetErrorString(code));
}

double attribute(cudaDeviceAttr which, const char* what) {
  int value = 0;
  require_cuda(cudaDeviceGetAttribute(&value, which, 0), what);
  return value;
}

}  // namespace

void require_cuda(int code, std::string_view what) {
  const auto error = static_cast<cudaError_t>(code);
  if (error == cudaSuccess) return;
  cudaGetLastError();  // a later call must not meet this one's error
  if (error == cudaErrorMemoryAllocation)
    throw OutOfMemory(fmt::format("{}: the GPU has not enough free memory", what));
  if (error == cudaErrorNoKernelImageForDevice)
    throw DeviceLost(fmt::format(
        "{}: this program holds no code for this GPU; it needs compute capability 8.0 or later",
        what));
  throw DeviceLost(
      fmt::format("{}: the GPU failed or is gone ({})", what, cudaGetErrorString(error)));
}

std::optional<DeviceDescription> describe_gpu(std::string& absent) {
  int count = 0;
  const cudaError_t code = cudaGetDeviceCount(&count);
  if (code != cudaSuccess || count == 0) {
    absent = absence(code);
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
  gpu.driver = "CUDA " + version_text(driver);
  gpu.clocks = fmt::format(
      "multiprocessors up to {:.0f} MHz, memory up to {:.0f} MHz by the driver, not set",
      attribute(cudaDevAttrClockRate, "asking for the clock") / 1000,
      attribute(cudaDevAttrMemoryClockRate, "asking for the memory's clock") / 1000);
  gpu.libraries = {{"CUDA", version_text(runtime)}};
  return gpu;
}

}  // namespace orrery::calibrate
