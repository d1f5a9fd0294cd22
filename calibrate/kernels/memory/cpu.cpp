// The operations on the processor's threads, each timed by its own processor time.
#include <algorithm>
#include <barrier>
#include <cmath>
#include <numeric>
#include <string>
#include <thread>

#include "calibrate/device/caches.hpp"
#include "calibrate/device/clocks.hpp"
#include "calibrate/device/threads.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/memory/array_pool.hpp"
#include "calibrate/kernels/memory/loops.hpp"
#include "calibrate/kernels/memory/memory.hpp"
#include "calibrate/kernels/memory/reference.hpp"
#include "calibrate/kernels/registry.hpp"

namespace orrery::calibrate::memory {

namespace {

constexpr std::int64_t kLeastBytesOfThread = 4 << 10;
constexpr std::int64_t kTimesLastCache = 3;
// A machine of few processors has its large last cache in common with others: it need not be filled
// three times to be left. Half as much again is always measured, or no buffer would leave it.
constexpr std::int64_t kMostBytesOfThread = 256 << 20;
constexpr std::int64_t kUnknownLastCache = 64 << 20;

/// A thread's part of n elements, from the begin of a cache's line.
struct Part {
  std::size_t begin;
  std::size_t count;
};

Part part_of(std::size_t n, int worker, int threads) {
  const auto w = static_cast<std::size_t>(worker);
  const auto all = static_cast<std::size_t>(threads);
  constexpr std::size_t kDoublesOfLine = 64 / sizeof(double);
  const auto edge = [&](std::size_t at) {
    return at == all ? n : n * at / all / kDoublesOfLine * kDoublesOfLine;
  };
  return {edge(w), edge(w + 1) - edge(w)};
}

/// Runs `work(worker)` on that many threads at once, worker 0 on this one.
template <class Work>
void on_threads(int threads, const Work& work) {
  std::vector<std::jthread> others;
  for (int worker = 1; worker < threads; ++worker)
    others.emplace_back([&work, worker] { work(worker); });
  work(0);
}

class CpuPoint : public PreparedPoint {
 public:
  CpuPoint(ArrayPool& pool, const Operation& op, std::int64_t bytes, int threads)
      : op_(op), threads_(threads), passes_(passes_of(bytes)) {
    const auto count =
        static_cast<std::size_t>(bytes) / sizeof(double) / static_cast<std::size_t>(op.arrays);
    for (int a = 0; a < op.arrays; ++a) arrays_.push_back(pool.array(a, op.arrays, count));
    sums_.assign(static_cast<std::size_t>(threads), 0);
    // What earlier points left is as good to time; only a check wants its own values.
    if (pool.taken_anew()) fill();
  }

  RunTime run_once() override {
    std::barrier start(threads_);
    std::vector<RunTime> times(static_cast<std::size_t>(threads_));
    on_threads(threads_, [&](int worker) {
      const Part part = part_of(arrays_[0].size(), worker, threads_);
      start.arrive_and_wait();
      // A thread may begin where its caches hold nothing of its part.
      if (passes_ > 1) pass(part, worker);
      const ThreadTimer timer;
      for (std::int64_t i = 0; i < passes_; ++i) pass(part, worker);
      times[static_cast<std::size_t>(worker)] = timer.stop();
    });
    RunTime time = std::accumulate(times.begin(), times.end(), RunTime{}, slowest);
    time.seconds /= static_cast<double>(passes_);
    return time;
  }

  void check() override {
    fill();
    on_threads(threads_,
               [&](int worker) { pass(part_of(arrays_[0].size(), worker, threads_), worker); });
    double sum = 0;
    for (const double part : sums_) sum += part;
    const std::vector<std::span<const double>> arrays(arrays_.begin(), arrays_.end());
    require_reference(op_.variant, arrays, sum);
  }

 private:
  void fill() {
    on_threads(threads_, [&](int worker) { fill(part_of(arrays_[0].size(), worker, threads_)); });
  }

  void fill(Part part) {
    for (std::size_t a = 0; a < arrays_.size(); ++a) {
      const bool result = a > 0 && a + 1 == arrays_.size();
      for (std::size_t i = part.begin; i < part.begin + part.count; ++i)
        arrays_[a][i] = result ? -1 : initial_value(i + a);
    }
  }

  void pass(Part part, int worker) {
    const auto at = [&](std::size_t a) { return arrays_[a].data() + part.begin; };
    if (op_.arrays == 1) sums_[static_cast<std::size_t>(worker)] = read_loop(at(0), part.count);
    if (op_.arrays == 2) copy_loop(at(0), at(1), part.count);
    if (op_.arrays == 3) triad_loop(at(0), at(1), at(2), part.count);
  }

  const Operation& op_;
  int threads_;
  std::int64_t passes_;
  std::vector<std::span<double>> arrays_;
  std::vector<double> sums_;  // of `read`, one a thread
};

Hierarchy hierarchy_of(const std::vector<Cache>& caches, int threads) {
  static constexpr std::string_view kNames[] = {"l1", "l2", "l3", "l4"};
  Hierarchy hierarchy{threads, {}};
  for (const Cache& cache : caches) {
    if (cache.level < 1 || cache.level > 4) continue;
    const int used = (threads + cache.sharers - 1) / cache.sharers;
    hierarchy.levels.push_back({kNames[cache.level - 1], static_cast<double>(cache.bytes) * used});
  }
  return hierarchy;
}

/// 12 GB/s a thread, of up to eight: what processors of this decade reach or surpass.
double guess(double bytes, int threads) {
  const auto passes = static_cast<double>(passes_of(static_cast<std::int64_t>(bytes)));
  return passes * bytes / (12e9 * std::min(threads, 8));
}

class MemoryKernel : public Kernel {
 public:
  MemoryKernel() : caches_(data_caches()) {
    hierarchies_.push_back(hierarchy_of(caches_, 1));
    if (usable_threads() > 1) hierarchies_.push_back(hierarchy_of(caches_, usable_threads()));
  }

  std::string_view name() const override { return "memory"; }
  Backend backend() const override { return Backend::cpu; }

  std::vector<CalibrationPoint> points() const override {
    std::int64_t last = kUnknownLastCache;
    if (!hierarchies_.back().levels.empty())
      last = static_cast<std::int64_t>(hierarchies_.back().levels.back().bytes);
    const std::int64_t most = std::min(
        kTimesLastCache * last, std::max(kMostBytesOfThread * usable_threads(), last + last / 2));
    const auto sizes = buffer_sizes(kLeastBytesOfThread * usable_threads(), most);
    return make_points(sizes, hierarchies_, guess);
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    const auto bytes = static_cast<std::int64_t>(*models::find_number(point.features, "bytes"));
    const auto threads = static_cast<int>(*models::find_number(point.features, "threads"));
    return std::make_unique<CpuPoint>(pool_, operation(point.variant), bytes, threads);
  }

  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    return fit_memory(points, hierarchies_, seed);
  }

 private:
  std::vector<Cache> caches_;
  std::vector<Hierarchy> hierarchies_;
  mutable ArrayPool pool_;  // points are made ready one after another
};

const KernelRegistration memory_cpu_registration("memory", Backend::cpu, [](std::string&) {
  return std::unique_ptr<Kernel>(std::make_unique<MemoryKernel>());
});

}  // namespace

}  // namespace orrery::calibrate::memory
