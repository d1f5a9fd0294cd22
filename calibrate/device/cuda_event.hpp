// Seconds between two moments of the GPU's own time.
#pragma once

namespace orrery::calibrate {

/// A mark in the GPU's queue of work. Throws DeviceLost where the GPU fails.
class CudaEvent {
 public:
  CudaEvent();
  CudaEvent(const CudaEvent&) = delete;
  CudaEvent& operator=(const CudaEvent&) = delete;
  ~CudaEvent();
  /// Behind all that was launched.
  void record();
  /// Waits for this event; both recorded.
  double seconds_since(const CudaEvent& begun) const;

 private:
  void* event_ = nullptr;  // cudaEvent_t
};

}  // namespace orrery::calibrate
