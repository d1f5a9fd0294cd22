// One piece of memory for all points: taking a gigabyte anew for each would cost more than timing
// it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace orrery::calibrate::memory {

class ArrayPool {
 public:
  /// The first `arrays` arrays of `count` doubles each, a few lines apart so that they do not fall
  /// on the same sets of a cache; content is what an earlier call left. Grows where it must.
  /// Throws OutOfMemory where that would take more than half of the free memory.
  std::span<double> array(int which, int arrays, std::size_t count);

  /// Whether memory was taken since the last call: nobody has written to it, and reading it would
  /// time the system's page of zeros.
  bool taken_anew();

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(void* memory) const;
  };
  void reserve(std::size_t bytes);
  std::unique_ptr<void, Unmap> memory_{nullptr, Unmap{0}};
  bool anew_ = false;
};

}  // namespace orrery::calibrate::memory
