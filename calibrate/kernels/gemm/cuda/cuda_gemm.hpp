// The sparse GEMM families on a GPU: which of them it runs, upload, run, time, check.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "calibrate/device/cuda_memory.hpp"
#include "calibrate/kernels/gemm/cuda/packing.hpp"

namespace orrery::calibrate::gemm_cuda {

struct Device {
  std::string name;
  int major = 0;  ///< compute capability
  int minor = 0;
  int multiprocessors = 0;
  int driver = 0;   ///< CUDA version the driver supports, 13000 for 13.0
  int runtime = 0;  ///< CUDA version of this program
  std::int64_t memory_bytes = 0;
  int clock_khz = 0;  ///< greatest clock of the multiprocessors
};

/// The first GPU; nothing where there is none or no driver.
std::optional<Device> find_device();

/// The families whose kernels this GPU runs, the one to take first: wgmma needs exactly compute
/// capability 9.0, as sm_90a is not an ancestor of later ones.
std::vector<Family> families_of(const Device& device);

/// Numbers from row to row of [K][tokens] and [N][tokens]: whole 16-byte pieces.
constexpr std::int64_t pitch_of(std::int64_t tokens) {
  return (tokens + 7) / 8 * 8;
}

/// A packed weight on the GPU. Throws base::Error where the GPU does not run its family.
class DeviceWeight {
 public:
  explicit DeviceWeight(PackedWeight packed);
  /// Y^T[N][pitch] = W^T X^T[K][pitch], one launch, not waited for. `x` and `y` are on
  /// the device. One launch of a weight at a time: launches share its ticket.
  void run(const void* x, void* y, std::int64_t tokens) const;
  const PackedWeight& packed() const { return packed_; }

 private:
  PackedWeight packed_;
  CudaBuffer bands_, values_, metadata_, row_table_, column_table_, ticket_;
  int multiprocessors_ = 0;
  int resident_ = 1;  ///< blocks that fit a multiprocessor
};

struct Timing {
  double median_seconds = 0;
  double least_seconds = 0;
  double p90_seconds = 0;
};

/// Times `launch` by events: 5 warm-ups, then `repeats` runs, each timed alone.
Timing time_launches(const std::function<void()>& launch, int repeats = 50);

/// Relative Frobenius error of `y` (device, [N][pitch]) against double precision on `sampled`
/// tokens spread over all; weights and x are the numbers as the GPU holds them, rounded to 16 bits.
double relative_error(const models::sparsity::TileLayout& layout, std::span<const float> weights,
                      std::span<const std::uint16_t> x, const CudaBuffer& y, std::int64_t tokens,
                      Number number, int sampled = 64);

}  // namespace orrery::calibrate::gemm_cuda
