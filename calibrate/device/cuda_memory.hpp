// Memory and events of the first GPU, freed with their objects.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>

#include "calibrate/device/cuda_errors.hpp"

namespace orrery::calibrate {

/// Memory on the GPU. Throws OutOfMemory where it does not suffice.
class CudaBuffer {
 public:
  CudaBuffer() = default;
  explicit CudaBuffer(std::size_t bytes) {
    void* memory = nullptr;
    require_cuda(cudaMalloc(&memory, bytes), "taking memory on the GPU");
    memory_.reset(memory);
  }
  void* get() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const { cudaFree(memory); }
  };
  std::unique_ptr<void, Free> memory_;
};

/// Memory of the host that the GPU reaches by itself. Throws OutOfMemory where it does not suffice.
class PinnedBuffer {
 public:
  PinnedBuffer() = default;
  explicit PinnedBuffer(std::size_t bytes) {
    void* memory = nullptr;
    require_cuda(cudaMallocHost(&memory, bytes), "pinning memory of the host");
    memory_.reset(memory);
  }
  void* get() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const { cudaFreeHost(memory); }
  };
  std::unique_ptr<void, Free> memory_;
};

/// A moment in the GPU's work.
class CudaEvent {
 public:
  CudaEvent() { require_cuda(cudaEventCreate(&event_), "making an event"); }
  ~CudaEvent() { cudaEventDestroy(event_); }
  CudaEvent(const CudaEvent&) = delete;
  CudaEvent& operator=(const CudaEvent&) = delete;

  void record() { require_cuda(cudaEventRecord(event_), "recording an event"); }
  /// Waits for it; the seconds from `begun` to it.
  double seconds_since(const CudaEvent& begun) const {
    float milliseconds = 0;
    require_cuda(cudaEventSynchronize(event_), "waiting for the GPU");
    require_cuda(cudaEventElapsedTime(&milliseconds, begun.event_, event_), "reading a time");
    return static_cast<double>(milliseconds) / 1000;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

}  // namespace orrery::calibrate
