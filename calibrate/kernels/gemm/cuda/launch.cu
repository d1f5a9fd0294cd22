// Upload and launch of both families; the kernels of mma.sync.
#include <cuda_runtime_api.h>

#include <string>
#include <utility>
#include <vector>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/cuda_launch.hpp"
#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"
#include "calibrate/kernels/gemm/cuda/kernel.cuh"
#include "calibrate/kernels/gemm/cuda/stall.hpp"
#include "calibrate/kernels/gemm/cuda/wgmma_shape.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

template <bool sparse, bool gather, int outputs>
Launchable of_number(Number number) {
  constexpr int shared_bytes = TileShape<sparse, outputs>::shared_bytes;
  auto* const kernel = number == Number::bf16 ? tile_gemm<sparse, gather, outputs, __nv_bfloat16>
                                              : tile_gemm<sparse, gather, outputs, __half>;
  return {kernel, block_threads, shared_bytes, tile_tokens};
}

/// Identity layouts of 64 outputs take the gathering kernel: their table names every row.
template <bool sparse>
Launchable of_shape(const PackedWeight& packed) {
  const Number number = packed.options.number;
  if (packed.options.outputs == 64) return of_number<sparse, true, 64>(number);
  if (packed.identity) return of_number<sparse, false, 128>(number);
  return of_number<sparse, true, 128>(number);
}

void require_wgmma() {
  Device device;
  device.major = cuda_attribute(cudaDevAttrComputeCapabilityMajor, "asking for its capability");
  device.minor = cuda_attribute(cudaDevAttrComputeCapabilityMinor, "asking for its capability");
  if (families_of(device).front() == Family::wgmma) return;
  throw base::Error({.file = {}, .line = 0, .column = 0, .key = "cuda"},
                    "the weights are packed for wgmma, which this GPU of compute capability " +
                        std::to_string(device.major) + "." + std::to_string(device.minor) +
                        " does not run; expected 9.0",
                    base::Fault::run_failed);
}

/// The kernels that launches of this weight may take, by the tokens of a tile.
std::vector<Launchable> kernels_of(const PackedWeight& packed) {
  if (packed.options.family == Family::mma_sync) return {mma_sync_kernel(packed)};
  if (packed.options.outputs == 64) return {wgmma_kernel(packed, 256)};
  return {wgmma_kernel(packed, 128), wgmma_kernel(packed, 256)};
}

}  // namespace

Launchable mma_sync_kernel(const PackedWeight& packed) {
  return packed.options.sparse ? of_shape<true>(packed) : of_shape<false>(packed);
}

DeviceWeight::DeviceWeight(PackedWeight packed)
    : packed_(std::move(packed)),
      bands_(uploaded(packed_.bands)),
      values_(uploaded(packed_.values)),
      metadata_(uploaded(packed_.metadata)),
      row_table_(uploaded(packed_.row_table)),
      column_table_(uploaded(packed_.column_table)),
      ticket_(sizeof(unsigned long long)) {
  if (packed_.options.family == Family::wgmma) require_wgmma();
  ticket_.clear();
  multiprocessors_ =
      cuda_attribute(cudaDevAttrMultiProcessorCount, "asking for the number of multiprocessors");
  for (const Launchable& chosen : kernels_of(packed_)) {
    const auto* kernel = reinterpret_cast<const void*>(chosen.kernel);
    require_cuda(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                      chosen.shared_bytes),
                 "taking shared memory for the kernel");
    require_cuda(cudaFuncSetAttribute(kernel, cudaFuncAttributePreferredSharedMemoryCarveout,
                                      cudaSharedmemCarveoutMaxShared),
                 "preferring shared memory over the first-level cache");
    resident_ = resident_blocks(kernel, chosen.threads, chosen.shared_bytes);
  }
}

void DeviceWeight::run(const void* x, void* y, std::int64_t tokens) const {
  if (tokens <= 0 || packed_.bands.empty()) return;
  KernelArguments arguments;
  arguments.bands = static_cast<const Band*>(bands_.data());
  arguments.band_count = static_cast<std::int32_t>(packed_.bands.size());
  arguments.values = static_cast<const std::uint16_t*>(values_.data());
  arguments.metadata = static_cast<const std::uint32_t*>(metadata_.data());
  arguments.row_table = static_cast<const std::int32_t*>(row_table_.data());
  arguments.column_table = static_cast<const std::int32_t*>(column_table_.data());
  arguments.x = static_cast<const std::uint16_t*>(x);
  arguments.y = static_cast<std::uint16_t*>(y);
  arguments.tokens = tokens;
  arguments.x_pitch = pitch_of(tokens);
  arguments.y_pitch = pitch_of(tokens);
  arguments.ticket = static_cast<unsigned long long*>(ticket_.data());
  Launchable chosen;
  if (packed_.options.family == Family::wgmma) {
    arguments.stall = stall_word();
    chosen = wgmma_kernel(packed_, wgmma_tile_tokens(packed_.options.outputs, arguments.band_count,
                                                     tokens, multiprocessors_));
  } else {
    chosen = mma_sync_kernel(packed_);
  }
  const std::int64_t items = arguments.band_count * token_tiles(tokens, chosen.tile_tokens);
  const unsigned blocks = grid_blocks(items, multiprocessors_, resident_);
  chosen.kernel<<<blocks, static_cast<unsigned>(chosen.threads),
                  static_cast<std::size_t>(chosen.shared_bytes)>>>(arguments);
  require_cuda(cudaGetLastError(), "launching the GEMM kernel");
}

}  // namespace orrery::calibrate::gemm_cuda
