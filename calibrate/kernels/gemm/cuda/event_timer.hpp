// Seconds between two moments of the GPU's own time.
#pragma once

namespace orrery::calibrate::gemm_cuda {

/// A mark in the GPU's queue of work.
class Event {
 public:
  Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event();
  /// Behind all that was launched.
  void record();
  /// Waits for this event; both recorded.
  double seconds_since(const Event& begun) const;

 private:
  void* event_ = nullptr;  // cudaEvent_t
};

}  // namespace orrery::calibrate::gemm_cuda
