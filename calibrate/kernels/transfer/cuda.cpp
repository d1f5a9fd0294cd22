// Copies between the host and the first GPU, and between two GPUs, by the host's clock from asking
// for the copy to its end. Not yet run on a device.
//
// Variants: host-to-device and device-to-host with pinned memory of the host, the same with
// -pageable without, and device-to-device where two GPUs are visible.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/cuda_memory.hpp"
#include "calibrate/device/device.hpp"
#include "calibrate/kernels/registry.hpp"
#include "calibrate/kernels/transfer/reference.hpp"
#include "calibrate/kernels/transfer/transfer.hpp"
#include "models/base/statistics.hpp"

namespace orrery::calibrate::transfer {

namespace {

constexpr std::int64_t kLeastBytes = 1 << 10;
constexpr std::int64_t kMostBytes = 256 << 20;

/// Makes a GPU the one that calls go to, until destroyed.
class OnDevice {
 public:
  explicit OnDevice(int device) { require_cuda(cudaSetDevice(device), "choosing a GPU"); }
  ~OnDevice() { cudaSetDevice(0); }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;
};

/// A message's two ends, on whatever side they are.
struct Copy {
  void* to = nullptr;
  const void* from = nullptr;
  cudaMemcpyKind kind = cudaMemcpyDefault;
};

class CopyPoint : public PreparedPoint {
 public:
  CopyPoint(std::string variant, std::size_t bytes)
      : variant_(std::move(variant)),
        message_(bytes),
        arrived_(bytes),
        here_(bytes),
        moves_(moves_of(static_cast<std::int64_t>(bytes))) {
    fill_message(message_);
    const bool pageable = variant_.ends_with("-pageable");
    void* host = message_.data();
    if (!pageable) {
      pinned_ = PinnedBuffer(bytes);
      host = pinned_.data();
    }
    if (variant_.starts_with("host-to-device")) {
      std::copy(message_.begin(), message_.end(), static_cast<std::byte*>(host));
      copy_ = {here_.data(), host, cudaMemcpyHostToDevice};
    } else if (variant_.starts_with("device-to-host")) {
      put(here_.data());
      copy_ = {pageable ? arrived_.data() : host, here_.data(), cudaMemcpyDeviceToHost};
    } else {
      take_second_device(bytes);
      put(here_.data());
      copy_ = {there_.data(), here_.data(), cudaMemcpyDefault};
    }
  }
  ~CopyPoint() override {
    if (!there_.data()) return;
    // What lies on the second GPU is freed there.
    cudaSetDevice(1);
    there_ = CudaBuffer();
    cudaSetDevice(0);
  }

  RunTime run_once() override {
    const SharingSigns before = thread_signs();
    std::vector<double> moves;
    for (std::int64_t i = 0; i < moves_; ++i) {
      const double begun = wall_seconds();
      move();
      moves.push_back(wall_seconds() - begun);
    }
    return {base::median(std::move(moves)), thread_signs() - before};
  }

  void check() override {
    move();
    // What arrived, wherever that is; the copy itself wrote it there.
    require_cuda(cudaMemcpy(message_.data(), copy_.to, message_.size(), cudaMemcpyDefault),
                 "copying from the GPU");
    require_arrived(variant_, message_);
  }

 private:
  void put(void* on_device) {
    require_cuda(cudaMemcpy(on_device, message_.data(), message_.size(), cudaMemcpyHostToDevice),
                 "copying to the GPU");
  }

  void take_second_device(std::size_t bytes) {
    {
      const OnDevice second(1);
      there_ = CudaBuffer(bytes);
    }
    // Where the two cannot reach each other, the driver goes through the host: that is measured.
    int can = 0;
    require_cuda(cudaDeviceCanAccessPeer(&can, 0, 1), "asking whether two GPUs reach each other");
    if (can == 0) return;
    const cudaError_t code = cudaDeviceEnablePeerAccess(1, 0);
    if (code == cudaErrorPeerAccessAlreadyEnabled)
      cudaGetLastError();
    else
      require_cuda(code, "letting two GPUs reach each other");
  }

  void move() {
    require_cuda(cudaMemcpyAsync(copy_.to, copy_.from, message_.size(), copy_.kind), "copying");
    wait_for_gpu("waiting for a copy");
  }

  std::string variant_;
  std::vector<std::byte> message_;
  std::vector<std::byte> arrived_;
  PinnedBuffer pinned_;
  CudaBuffer here_;
  CudaBuffer there_;  // on the second GPU
  Copy copy_;
  std::int64_t moves_;
};

class CudaTransferKernel : public Kernel {
 public:
  explicit CudaTransferKernel(const DeviceDescription& device)
      : devices_(models::find_number(device.hardware, "visible_devices").value_or(1)) {}

  std::string_view name() const override { return "transfer"; }
  Backend backend() const override { return Backend::cuda; }
  bool by_wall_clock() const override { return true; }

  std::vector<CalibrationPoint> points() const override {
    std::vector<Guess> ways{{"host-to-device", 2e-5, 10e9},
                            {"device-to-host", 2e-5, 10e9},
                            {"host-to-device-pageable", 2e-5, 3e9},
                            {"device-to-host-pageable", 2e-5, 3e9}};
    if (devices_ > 1) ways.push_back({"device-to-device", 2e-5, 10e9});
    return make_points(message_sizes(kLeastBytes, kMostBytes), ways);
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    const auto bytes = static_cast<std::size_t>(*models::find_number(point.features, "bytes"));
    return std::make_unique<CopyPoint>(point.variant, bytes);
  }

  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    return fit_transfer(points, seed);
  }

 private:
  double devices_;
};

const KernelRegistration transfer_cuda_registration(
    "transfer", Backend::cuda, [](std::string& absent) {
      const auto device = describe_gpu(absent);
      return device ? std::unique_ptr<Kernel>(std::make_unique<CudaTransferKernel>(*device))
                    : nullptr;
    });

}  // namespace

}  // namespace orrery::calibrate::transfer
