// Upload and launch of the kernel family.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <utility>

#include "calibrate/kernels/gemm/cuda/cuda_error.hpp"
#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"
#include "calibrate/kernels/gemm/cuda/kernel.cuh"

namespace orrery::calibrate::gemm_cuda {
namespace {

using Kernel = void (*)(KernelArguments);

struct Launchable {
  Kernel kernel = nullptr;
  int shared_bytes = 0;
};

template <bool sparse, bool gather, int outputs>
Launchable of_number(Number number) {
  constexpr int shared_bytes = TileShape<sparse, outputs>::shared_bytes;
  if (number == Number::bf16) {
    return {tile_gemm<sparse, gather, outputs, __nv_bfloat16>, shared_bytes};
  }
  return {tile_gemm<sparse, gather, outputs, __half>, shared_bytes};
}

/// Identity plans of 64 outputs take the gathering kernel: their table names every row.
template <bool sparse>
Launchable of_shape(const PackedWeight& packed) {
  const Number number = packed.options.number;
  if (packed.options.outputs == 64) return of_number<sparse, true, 64>(number);
  if (packed.identity) return of_number<sparse, false, 128>(number);
  return of_number<sparse, true, 128>(number);
}

Launchable kernel_of(const PackedWeight& packed) {
  return packed.options.sparse ? of_shape<true>(packed) : of_shape<false>(packed);
}

template <class T>
DeviceBuffer uploaded(const std::vector<T>& numbers) {
  DeviceBuffer buffer(std::max<std::size_t>(numbers.size() * sizeof(T), 16));
  if (!numbers.empty()) buffer.upload(numbers.data(), numbers.size() * sizeof(T));
  return buffer;
}

}  // namespace

DeviceWeight::DeviceWeight(PackedWeight packed)
    : packed_(std::move(packed)),
      bands_(uploaded(packed_.bands)),
      values_(uploaded(packed_.values)),
      metadata_(uploaded(packed_.metadata)),
      row_table_(uploaded(packed_.row_table)),
      column_table_(uploaded(packed_.column_table)),
      ticket_(sizeof(unsigned long long)) {
  ticket_.clear();
  const Launchable chosen = kernel_of(packed_);
  const auto* kernel = reinterpret_cast<const void*>(chosen.kernel);
  check_cuda(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                  chosen.shared_bytes),
             "taking shared memory for the kernel");
  check_cuda(cudaFuncSetAttribute(kernel, cudaFuncAttributePreferredSharedMemoryCarveout,
                                  cudaSharedmemCarveoutMaxShared),
             "preferring shared memory over the first-level cache");
  int device = 0;
  int multiprocessors = 0;
  int resident = 0;
  check_cuda(cudaGetDevice(&device), "asking for the GPU");
  check_cuda(
      cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device),
      "asking for the number of multiprocessors");
  check_cuda(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&resident, kernel, block_threads,
                                                           chosen.shared_bytes),
             "asking how many blocks fit a multiprocessor");
  blocks_ = multiprocessors * std::max(resident, 1);
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
  const std::int64_t items = arguments.band_count * token_tiles(tokens);
  const auto blocks = static_cast<unsigned>(std::min<std::int64_t>(blocks_, items));
  const Launchable chosen = kernel_of(packed_);
  chosen.kernel<<<blocks, block_threads, static_cast<std::size_t>(chosen.shared_bytes)>>>(
      arguments);
  check_cuda(cudaGetLastError(), "launching the GEMM kernel");
}

}  // namespace orrery::calibrate::gemm_cuda
