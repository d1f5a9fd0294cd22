// Memory of a GPU, and of the host for it, freed with its object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace orrery::calibrate {

/// Memory on the current GPU. Throws OutOfMemory where it does not suffice, DeviceLost where a copy
/// fails.
class CudaBuffer {
 public:
  CudaBuffer() = default;
  explicit CudaBuffer(std::size_t bytes);
  void* data() const { return memory_.get(); }
  std::size_t bytes() const { return bytes_; }
  void upload(const void* from, std::size_t bytes);
  void download(void* to, std::size_t bytes, std::size_t offset = 0) const;
  void clear();

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
  std::size_t bytes_ = 0;
};

/// The values on the GPU, in 16 bytes at least: a kernel may be given a table of none.
template <class T>
CudaBuffer uploaded(const std::vector<T>& values) {
  constexpr std::size_t kLeastBytes = 16;
  CudaBuffer buffer(std::max(values.size() * sizeof(T), kLeastBytes));
  if (!values.empty()) buffer.upload(values.data(), values.size() * sizeof(T));
  return buffer;
}

/// Memory of the host that the GPU reaches by itself. Throws OutOfMemory where it does not suffice.
class PinnedBuffer {
 public:
  PinnedBuffer() = default;
  explicit PinnedBuffer(std::size_t bytes);
  void* data() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
};

}  // namespace orrery::calibrate
