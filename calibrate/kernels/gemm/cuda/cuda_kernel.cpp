// The GPU's products as the calibrator measures them: our own kernels, bf16.
#include <cuda_runtime_api.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/cuda_event.hpp"
#include "calibrate/kernels/gemm/cuda/bench_cases.hpp"
#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"
#include "calibrate/kernels/gemm/gpu_products.hpp"
#include "calibrate/kernels/registry.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {

namespace {

constexpr double kExpectedFlops = 1e14;  // for estimates
constexpr double kLargestError = 1e-2;   // docs/systems/tvw.md, "CUDA kernels", bf16
constexpr double kMostReference = 3e8;   // multiply-adds: about a second
constexpr Number kNumber = Number::bf16;

class PreparedProduct : public PreparedPoint {
 public:
  PreparedProduct(const CalibrationPoint& point, const gemm::ProductPoint& product)
      : id_(point.id), tokens_(product.shape.m), random_(1, "gemm " + point.id) {
    const bool two_of_four = product.kernel == models::gemm::GemmKernel::two_of_four ||
                             product.kernel == models::gemm::GemmKernel::tvw;
    case_ = fill(random_, gemm::layout_of(product), two_of_four);
    PackingOptions options;
    options.number = kNumber;
    options.sparse = two_of_four;
    options.outputs = outputs_for(case_.layout);
    options.zero_pruned = false;  // the next layer's mask leaves those rows out
    weight_.emplace(pack(case_.layout, case_.weights, options));
    host_x_ = activations(random_, case_.layout.rows, tokens_, kNumber);
    x_ = CudaBuffer(host_x_.size() * sizeof(std::uint16_t));
    x_.upload(host_x_.data(), x_.bytes());
    y_ = CudaBuffer(static_cast<std::size_t>(case_.layout.columns * pitch_of(tokens_)) *
                    sizeof(std::uint16_t));
    y_.clear();
  }

  RunTime run_once() override {
    const SharingSigns before = thread_signs();
    begun_.record();
    weight_->run(x_.data(), y_.data(), tokens_);
    ended_.record();
    const double seconds = ended_.seconds_since(begun_);
    return {seconds, thread_signs() - before};
  }

  void check() override {
    run_once();
    // 64 tokens (docs/systems/tvw.md, "CUDA kernels"), fewer of large matrices: the reference runs
    // on the host.
    const double weights = static_cast<double>(case_.layout.rows) * case_.layout.columns;
    const int sampled = static_cast<int>(std::clamp(kMostReference / weights, 4.0, 64.0));
    const double error =
        relative_error(case_.layout, case_.weights, host_x_, y_, tokens_, kNumber, sampled);
    if (!(error < kLargestError))
      throw base::Error({id_, 0, 0, ""},
                        fmt::format("differs from double precision by {:.1e}, expected below {}",
                                    error, kLargestError),
                        base::Fault::run_failed);
  }

 private:
  std::string id_;
  std::int64_t tokens_;
  base::RandomStream random_;
  BenchCase case_;
  std::vector<std::uint16_t> host_x_;
  std::optional<DeviceWeight> weight_;
  CudaBuffer x_;
  CudaBuffer y_;
  CudaEvent begun_;
  CudaEvent ended_;
};

gemm::GpuConstants constants_of(const Device& device) {
  // Twice the clock, in kHz, by the width in bits.
  const double kilohertz =
      cuda_attribute(cudaDevAttrMemoryClockRate, "asking for the memory's clock");
  const double bits =
      cuda_attribute(cudaDevAttrGlobalMemoryBusWidth, "asking for the memory's width");
  return {device.multiprocessors,
          1.0 * cuda_attribute(cudaDevAttrL2CacheSize, "asking for the second-level cache"),
          2 * kilohertz * 1e3 * bits / 8};
}

class CudaKernel : public Kernel {
 public:
  explicit CudaKernel(const Device& device)
      : runtime_(device.runtime), constants_(constants_of(device)) {}

  std::string_view name() const override { return "gemm"; }
  Backend backend() const override { return Backend::cuda; }

  models::NamedNumbers hardware() const override {
    return {{"multiprocessors", constants_.multiprocessors},
            {"cache_bytes", constants_.cache_bytes},
            {"memory_bytes_per_second", constants_.memory_bytes_per_second}};
  }

  models::NamedTexts libraries() const override {
    return {{"CUDA", cuda_version_text(runtime_)}, {"gemm kernels", "mma.sync, bf16"}};
  }

  std::vector<CalibrationPoint> points() const override {
    std::vector<CalibrationPoint> points;
    for (const gemm::ProductPoint& product : gemm::gpu_products())
      points.push_back(gemm::calibration_point(product, kExpectedFlops));
    return points;
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    return std::make_unique<PreparedProduct>(point, gemm::product_of(point));
  }

  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    return gemm::fit_gpu_products(points, constants_, seed);
  }

 private:
  int runtime_;
  gemm::GpuConstants constants_;
};

std::unique_ptr<Kernel> make_cuda_kernel(std::string& absent) {
  const std::optional<Device> device = find_device();
  if (!device) {
    absent = "no GPU is visible here";
    return nullptr;
  }
  if (device->major < 8) {
    absent = fmt::format("{} has compute capability {}.{}, and our kernels need 8.0", device->name,
                         device->major, device->minor);
    return nullptr;
  }
  return std::make_unique<CudaKernel>(*device);
}

const KernelRegistration kRegistration("gemm", Backend::cuda, make_cuda_kernel);

}  // namespace

}  // namespace orrery::calibrate::gemm_cuda
