#include "calibrate/device/cuda_memory.hpp"

#include <cuda_runtime_api.h>

#include <string>

#include "calibrate/device/cuda_errors.hpp"

namespace orrery::calibrate {

CudaBuffer::CudaBuffer(std::size_t bytes) : bytes_(bytes) {
  void* memory = nullptr;
  require_cuda(cudaMalloc(&memory, bytes), "taking " + std::to_string(bytes) + " bytes on the GPU");
  memory_.reset(memory);
}

void CudaBuffer::Free::operator()(void* memory) const {
  cudaFree(memory);
}

void CudaBuffer::upload(const void* from, std::size_t bytes) {
  require_cuda(cudaMemcpy(data(), from, bytes, cudaMemcpyHostToDevice), "copying to the GPU");
}

void CudaBuffer::download(void* to, std::size_t bytes, std::size_t offset) const {
  require_cuda(
      cudaMemcpy(to, static_cast<const char*>(data()) + offset, bytes, cudaMemcpyDeviceToHost),
      "copying from the GPU");
}

void CudaBuffer::clear() {
  require_cuda(cudaMemset(data(), 0, bytes_), "clearing memory on the GPU");
}

PinnedBuffer::PinnedBuffer(std::size_t bytes) {
  void* memory = nullptr;
  require_cuda(cudaMallocHost(&memory, bytes), "pinning memory of the host");
  memory_.reset(memory);
}

void PinnedBuffer::Free::operator()(void* memory) const {
  cudaFreeHost(memory);
}

}  // namespace orrery::calibrate
