#include "calibrate/kernels/gemm/cuda/event_timer.hpp"

#include <cuda_runtime_api.h>

#include "calibrate/kernels/gemm/cuda/cuda_error.hpp"

namespace orrery::calibrate::gemm_cuda {

namespace {

cudaEvent_t handle(void* event) {
  return static_cast<cudaEvent_t>(event);
}

}  // namespace

Event::Event() {
  cudaEvent_t event = nullptr;
  check_cuda(cudaEventCreate(&event), "making an event");
  event_ = event;
}

Event::~Event() {
  cudaEventDestroy(handle(event_));
}

void Event::record() {
  check_cuda(cudaEventRecord(handle(event_)), "recording an event");
}

double Event::seconds_since(const Event& begun) const {
  float milliseconds = 0;
  check_cuda(cudaEventSynchronize(handle(event_)), "waiting for a kernel");
  check_cuda(cudaEventElapsedTime(&milliseconds, handle(begun.event_), handle(event_)),
             "reading a time");
  return milliseconds / 1000.0;
}

}  // namespace orrery::calibrate::gemm_cuda
