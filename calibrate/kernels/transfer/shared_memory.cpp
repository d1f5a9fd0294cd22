#include <sched.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <new>
#include <thread>

#include "calibrate/device/threads.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/transfer/channel.hpp"

namespace orrery::calibrate::transfer {

namespace {

constexpr std::size_t kChunkBytes = 32 << 10;
constexpr std::size_t kChunks = 16;
// At the other's counter before the processor is given away: some tenths of a millisecond, longer
// than the other sleeps, or both would sleep in turns; at once where there is one processor for
// both.
constexpr int kLooks = 200'000;
constexpr std::chrono::microseconds kSleep{50};

/// One direction: the writer fills chunk `written % kChunks`, the reader empties `read % kChunks`.
struct Ring {
  alignas(64) std::atomic<std::uint64_t> written = 0;
  alignas(64) std::atomic<std::uint64_t> read = 0;
  alignas(64) std::array<std::byte, kChunkBytes * kChunks> chunks;

  std::byte* chunk(std::uint64_t number) { return &chunks[number % kChunks * kChunkBytes]; }
};

struct Shared {
  std::atomic<bool> closed = false;
  Ring rings[2];
};

struct Unmap {
  void operator()(Shared* shared) const { ::munmap(shared, sizeof(Shared)); }
};

class SharedMemoryEnd : public End {
 public:
  SharedMemoryEnd(std::shared_ptr<Shared> shared, int side)
      : shared_(std::move(shared)), out_(shared_->rings[side]), in_(shared_->rings[1 - side]) {}

  bool send(std::span<const std::byte> message) override {
    for (std::size_t at = 0; at < message.size(); at += kChunkBytes) {
      const std::uint64_t number = out_.written.load(std::memory_order_relaxed);
      if (!wait([&] { return number - out_.read.load(std::memory_order_acquire) < kChunks; }))
        return false;
      std::memcpy(out_.chunk(number), &message[at], std::min(kChunkBytes, message.size() - at));
      out_.written.store(number + 1, std::memory_order_release);
    }
    return true;
  }

  bool receive(std::span<std::byte> message) override {
    for (std::size_t at = 0; at < message.size(); at += kChunkBytes) {
      const std::uint64_t number = in_.read.load(std::memory_order_relaxed);
      if (!wait([&] { return in_.written.load(std::memory_order_acquire) > number; })) return false;
      std::memcpy(&message[at], in_.chunk(number), std::min(kChunkBytes, message.size() - at));
      in_.read.store(number + 1, std::memory_order_release);
    }
    return true;
  }

  void close() override { shared_->closed = true; }

 private:
  /// Looks, then gives the processor away: the other end may need it, and who looks on for long
  /// uses up the time that the system owes.
  template <class Condition>
  bool wait(const Condition& holds) const {
    for (int looks = 0; !holds(); ++looks) {
      if (shared_->closed) return false;
      if (looks < looks_) continue;
      if (looks_ == 0)
        ::sched_yield();
      else
        std::this_thread::sleep_for(kSleep);
    }
    return true;
  }

  std::shared_ptr<Shared> shared_;
  Ring& out_;
  Ring& in_;
  int looks_ = processors() > 1 ? kLooks : 0;
};

}  // namespace

Channel shared_memory_channel() {
  void* memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw OutOfMemory("the system gives no shared memory");
  const std::shared_ptr<Shared> shared(new (memory) Shared, Unmap{});
  return {std::make_unique<SharedMemoryEnd>(shared, 0),
          std::make_unique<SharedMemoryEnd>(shared, 1)};
}

}  // namespace orrery::calibrate::transfer
