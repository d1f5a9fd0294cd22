#include "calibrate/device/cuda_errors.hpp"

#include <cuda_runtime_api.h>

#include <utility>

#include "calibrate/kernels/errors.hpp"

namespace orrery::calibrate {

namespace {

std::string (*explanation)() = nullptr;

std::string sentence(cudaError_t code, const std::string& what) {
  const std::string reason = std::string(" (") + cudaGetErrorString(code) + ")";
  switch (code) {
    case cudaErrorMemoryAllocation:
      return what + ": the GPU has not enough free memory";
    case cudaErrorInsufficientDriver:
    case cudaErrorNoDevice:
      return what + ": " + why_no_gpu(code);
    case cudaErrorNoKernelImageForDevice:
      return what +
             ": this program holds no code for this GPU; it needs compute capability 8.0 or later";
    case cudaErrorDevicesUnavailable:
      return what + ": the GPU is held by another process" + reason;
    default:
      return what + ": the GPU failed or is gone" + reason +
             (explanation == nullptr ? std::string() : explanation());
  }
}

}  // namespace

void require_cuda(int code, std::string_view what) {
  const auto error = static_cast<cudaError_t>(code);
  if (error == cudaSuccess) return;
  cudaGetLastError();  // a later call must not meet this one's error
  std::string said = sentence(error, std::string(what));
  if (error == cudaErrorMemoryAllocation) throw OutOfMemory(std::move(said));
  throw DeviceLost(std::move(said));
}

void explain_cuda_failures(std::string (*explain)()) {
  explanation = explain;
}

std::string why_no_gpu(int code) {
  const auto error = static_cast<cudaError_t>(code);
  if (error == cudaErrorInsufficientDriver)
    return "no NVIDIA driver is here, or one older than CUDA " + cuda_version_text(CUDART_VERSION) +
           ", with which this program was built";
  if (error == cudaErrorNoDevice || error == cudaSuccess) return "no GPU is visible here";
  return std::string("the GPU cannot be used: ") + cudaGetErrorString(error);
}

std::string cuda_version_text(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

int cuda_attribute(int attribute, std::string_view what) {
  int device = 0;
  int value = 0;
  require_cuda(cudaGetDevice(&device), "asking for the GPU");
  require_cuda(cudaDeviceGetAttribute(&value, static_cast<cudaDeviceAttr>(attribute), device),
               what);
  return value;
}

void wait_for_gpu(std::string_view what) {
  require_cuda(cudaDeviceSynchronize(), what);
}

}  // namespace orrery::calibrate
