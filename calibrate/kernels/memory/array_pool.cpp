#include "calibrate/kernels/memory/array_pool.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <utility>

#include "calibrate/device/device.hpp"
#include "calibrate/kernels/errors.hpp"

namespace orrery::calibrate::memory {

namespace {

constexpr std::size_t kLine = 64 / sizeof(double);  // doubles of a cache's line
constexpr std::size_t kPadding = 17 * kLine;        // between two arrays

}  // namespace

void ArrayPool::Unmap::operator()(void* memory) const {
  ::munmap(memory, bytes);
}

void ArrayPool::reserve(std::size_t bytes) {
  if (memory_ && memory_.get_deleter().bytes >= bytes) return;
  memory_.reset();
  const auto free = static_cast<std::size_t>(free_memory_bytes());
  if (free > 0 && bytes > free / 2)
    throw OutOfMemory(
        fmt::format("buffers of {} MiB want more than half of the {} MiB of free "
                    "memory",
                    bytes >> 20, free >> 20));
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    throw OutOfMemory(fmt::format("the system gives no {} MiB of memory", bytes >> 20));
  // Fewer pages, fewer misses of their table; where the system refuses, it measures without.
  ::madvise(memory, bytes, MADV_HUGEPAGE);
  memory_ = std::unique_ptr<void, Unmap>(memory, Unmap{bytes});
  anew_ = true;
}

bool ArrayPool::taken_anew() {
  return std::exchange(anew_, false);
}

std::span<double> ArrayPool::array(int which, int arrays, std::size_t count) {
  // Every array begins at a line: one that does not touches two lines at each step.
  const std::size_t each = (count + kLine - 1) / kLine * kLine + kPadding;
  reserve(each * static_cast<std::size_t>(arrays) * sizeof(double));
  return {static_cast<double*>(memory_.get()) + each * static_cast<std::size_t>(which), count};
}

}  // namespace orrery::calibrate::memory
