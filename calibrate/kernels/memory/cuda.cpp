// The operations on the first GPU, timed by its own events. Not yet run on a device.
#include <algorithm>
#include <vector>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/cuda_event.hpp"
#include "calibrate/device/cuda_memory.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/kernels/memory/cuda_passes.hpp"
#include "calibrate/kernels/memory/grid.hpp"
#include "calibrate/kernels/memory/memory.hpp"
#include "calibrate/kernels/memory/reference.hpp"
#include "calibrate/kernels/registry.hpp"

namespace orrery::calibrate::memory {

namespace {

constexpr std::int64_t kLeastBytes = 256 << 10;
constexpr std::int64_t kTimesLastCache = 16;
constexpr std::int64_t kShareOfMemory = 4;  // no more than a quarter of it

/// 1 TB/s and a launch: low, so that few devices run over their budget.
double guess(double bytes, int) {
  return static_cast<double>(passes_of(static_cast<std::int64_t>(bytes))) * (1e-5 + bytes / 1e12);
}

class CudaPoint : public PreparedPoint {
 public:
  CudaPoint(const Operation& op, std::int64_t bytes, unsigned multiprocessors)
      : op_(op),
        count_(static_cast<std::size_t>(bytes) / sizeof(double) /
               static_cast<std::size_t>(op.arrays)),
        blocks_(pass_blocks(count_, multiprocessors)),
        passes_(passes_of(bytes)),
        sums_(blocks_ * sizeof(double)) {
    std::vector<double> values(count_);
    for (int a = 0; a < op.arrays; ++a) {
      const bool result = a > 0 && a + 1 == op.arrays;
      for (std::size_t i = 0; i < count_; ++i)
        values[i] = result ? -1 : initial_value(i + static_cast<std::size_t>(a));
      arrays_.push_back(uploaded(values));
    }
  }

  RunTime run_once() override {
    const SharingSigns before = thread_signs();
    begun_.record();
    for (std::int64_t i = 0; i < passes_; ++i) pass();
    ended_.record();
    const double seconds = ended_.seconds_since(begun_);
    return {seconds / static_cast<double>(passes_), thread_signs() - before};
  }

  void check() override {
    pass();
    std::vector<double> sums(blocks_);
    sums_.download(sums.data(), sums_.bytes());
    double sum = 0;
    for (const double part : sums) sum += part;
    std::vector<std::vector<double>> arrays(arrays_.size(), std::vector<double>(count_));
    for (std::size_t a = 0; a < arrays_.size(); ++a)
      arrays_[a].download(arrays[a].data(), count_ * sizeof(double));
    const std::vector<std::span<const double>> views(arrays.begin(), arrays.end());
    require_reference(op_.variant, views, sum);
  }

 private:
  double* array(std::size_t a) const { return static_cast<double*>(arrays_[a].data()); }

  void pass() {
    int code = 0;
    if (op_.arrays == 1)
      code = launch_read(array(0), count_, static_cast<double*>(sums_.data()), blocks_);
    if (op_.arrays == 2) code = launch_copy(array(0), array(1), count_, blocks_);
    if (op_.arrays == 3) code = launch_triad(array(0), array(1), array(2), count_, blocks_);
    require_cuda(code, "starting a pass over memory");
  }

  const Operation& op_;
  std::size_t count_;
  unsigned blocks_;
  std::int64_t passes_;
  CudaBuffer sums_;  // of `read`, one a block
  std::vector<CudaBuffer> arrays_;
  CudaEvent begun_;
  CudaEvent ended_;
};

class CudaMemoryKernel : public Kernel {
 public:
  explicit CudaMemoryKernel(const DeviceDescription& device)
      : memory_bytes_(number(device, "memory_bytes")),
        multiprocessors_(static_cast<unsigned>(number(device, "multiprocessors"))),
        hierarchies_{{0, {{"l2", static_cast<double>(number(device, "cache_bytes"))}}}} {}

  std::string_view name() const override { return "memory"; }
  Backend backend() const override { return Backend::cuda; }

  std::vector<CalibrationPoint> points() const override {
    const auto cache = static_cast<std::int64_t>(hierarchies_[0].levels[0].bytes);
    const std::int64_t most =
        std::min(std::max(kTimesLastCache * cache, kLeastBytes), memory_bytes_ / kShareOfMemory);
    return make_points(buffer_sizes(kLeastBytes, most), hierarchies_, guess);
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    const auto bytes = static_cast<std::int64_t>(*models::find_number(point.features, "bytes"));
    return std::make_unique<CudaPoint>(operation(point.variant), bytes, multiprocessors_);
  }

  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    return fit_memory(points, hierarchies_, seed);
  }

 private:
  static std::int64_t number(const DeviceDescription& device, std::string_view name) {
    return static_cast<std::int64_t>(models::find_number(device.hardware, name).value_or(1));
  }

  std::int64_t memory_bytes_;
  unsigned multiprocessors_;
  std::vector<Hierarchy> hierarchies_;
};

const KernelRegistration memory_cuda_registration("memory", Backend::cuda, [](std::string& absent) {
  const auto device = describe_gpu(absent);
  return device ? std::unique_ptr<Kernel>(std::make_unique<CudaMemoryKernel>(*device)) : nullptr;
});

}  // namespace

}  // namespace orrery::calibrate::memory
