// The GPU itself: is there one, memory on it, waiting for it.
#include <cuda_runtime_api.h>

#include "calibrate/kernels/gemm/cuda/cuda_error.hpp"
#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"

namespace orrery::calibrate::gemm_cuda {

std::optional<Device> find_device() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess || count == 0) return std::nullopt;
  cudaDeviceProp properties{};
  check_cuda(cudaGetDeviceProperties(&properties, 0), "asking for the GPU's properties");
  Device device;
  device.name = properties.name;
  device.major = properties.major;
  device.minor = properties.minor;
  device.multiprocessors = properties.multiProcessorCount;
  device.memory_bytes = static_cast<std::int64_t>(properties.totalGlobalMem);
  check_cuda(cudaDriverGetVersion(&device.driver), "asking for the driver's version");
  check_cuda(cudaRuntimeGetVersion(&device.runtime), "asking for the runtime's version");
  check_cuda(cudaDeviceGetAttribute(&device.clock_khz, cudaDevAttrClockRate, 0),
             "asking for the clock");
  return device;
}

std::vector<Family> families_of(const Device& device) {
  if (device.major == 9 && device.minor == 0) return {Family::wgmma, Family::mma_sync};
  return {Family::mma_sync};
}

DeviceBuffer::DeviceBuffer(std::size_t bytes) : bytes_(bytes) {
  void* memory = nullptr;
  check_cuda(cudaMalloc(&memory, bytes), "taking " + std::to_string(bytes) + " bytes on the GPU");
  memory_.reset(memory);
}

void DeviceBuffer::Free::operator()(void* memory) const {
  cudaFree(memory);
}

void DeviceBuffer::upload(const void* from, std::size_t bytes) {
  check_cuda(cudaMemcpy(data(), from, bytes, cudaMemcpyHostToDevice), "copying to the GPU");
}

void DeviceBuffer::download(void* to, std::size_t bytes, std::size_t offset) const {
  check_cuda(
      cudaMemcpy(to, static_cast<const char*>(data()) + offset, bytes, cudaMemcpyDeviceToHost),
      "copying from the GPU");
}

void DeviceBuffer::clear() {
  check_cuda(cudaMemset(data(), 0, bytes_), "clearing memory on the GPU");
}

void wait_for_device(const char* what) {
  check_cuda(cudaDeviceSynchronize(), what);
}

}  // namespace orrery::calibrate::gemm_cuda
