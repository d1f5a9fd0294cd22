#include "calibrate/kernels/gemm/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace orrery::calibrate::gemm {

namespace {

// How long a worker looks for the next round before it sleeps. A sleeper is woken on the caller's
// own processor and shares it until the system moves one of them, which takes longer than a call.
constexpr std::chrono::milliseconds kLook{20};

class WorkerPool {
 public:
  ~WorkerPool() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(int threads, const std::function<void(int)>& work) {
    const std::lock_guard turn(turn_);
    while (static_cast<int>(threads_.size()) < threads - 1) {
      const int worker = static_cast<int>(threads_.size()) + 1;
      threads_.emplace_back([this, worker, seen = round_.load()] { serve(worker, seen); });
    }
    {
      const std::lock_guard lock(mutex_);
      work_ = &work;
      wanted_ = threads;
      left_ = threads - 1;
      round_.fetch_add(1);
    }
    wake_.notify_all();
    work(0);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  /// Waits without sleeping, for a while.
  void look_for_another_than(std::uint64_t seen) const {
    const auto end = std::chrono::steady_clock::now() + kLook;
    while (round_.load() == seen && std::chrono::steady_clock::now() < end) {
    }
  }

  void serve(int worker, std::uint64_t seen) {
    while (true) {
      look_for_another_than(seen);
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return ending_ || round_ != seen; });
      if (ending_) return;
      seen = round_;
      if (worker >= wanted_) continue;
      const std::function<void(int)>& work = *work_;
      lock.unlock();
      work(worker);
      lock.lock();
      if (--left_ == 0) done_.notify_one();
    }
  }

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  std::vector<std::thread> threads_;
  const std::function<void(int)>* work_ = nullptr;
  std::atomic<std::uint64_t> round_ = 0;  // changed under the lock
  int wanted_ = 0;
  int left_ = 0;
  bool ending_ = false;
};

}  // namespace

void run_workers(int threads, const std::function<void(int)>& work) {
  if (threads <= 1) {
    work(0);
    return;
  }
  static WorkerPool pool;
  pool.run(threads, work);
}

}  // namespace orrery::calibrate::gemm
