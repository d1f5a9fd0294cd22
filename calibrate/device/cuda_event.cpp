#include "calibrate/device/cuda_event.hpp"

#include <cuda_runtime_api.h>

#include "calibrate/device/cuda_errors.hpp"

namespace orrery::calibrate {

namespace {

cudaEvent_t handle(void* event) {
  return static_cast<cudaEvent_t>(event);
}

}  // namespace

CudaEvent::CudaEvent() {
  cudaEvent_t event = nullptr;
  require_cuda(cudaEventCreate(&event), "making an event");
  event_ = event;
}

CudaEvent::~CudaEvent() {
  cudaEventDestroy(handle(event_));
}

void CudaEvent::record() {
  require_cuda(cudaEventRecord(handle(event_)), "recording an event");
}

double CudaEvent::seconds_since(const CudaEvent& begun) const {
  float milliseconds = 0;
  require_cuda(cudaEventSynchronize(handle(event_)), "waiting for the GPU");
  require_cuda(cudaEventElapsedTime(&milliseconds, handle(begun.event_), handle(event_)),
               "reading a time");
  return static_cast<double>(milliseconds) / 1000;
}

}  // namespace orrery::calibrate
