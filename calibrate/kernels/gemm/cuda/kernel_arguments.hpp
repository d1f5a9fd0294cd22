// What a launch of either family reads and writes, and which kernel it is.
#pragma once

#include <cstdint>

#include "calibrate/kernels/gemm/cuda/packing.hpp"

namespace orrery::calibrate::gemm_cuda {

/// All pointers on the device, x and y 16-byte aligned.
struct KernelArguments {
  const Band* bands = nullptr;
  std::int32_t band_count = 0;
  const std::uint16_t* values = nullptr;
  const std::uint32_t* metadata = nullptr;
  const std::int32_t* row_table = nullptr;
  const std::int32_t* column_table = nullptr;
  const std::uint16_t* x = nullptr;  ///< [K][pitch]
  std::uint16_t* y = nullptr;        ///< [N][pitch]
  std::int64_t tokens = 0;
  std::int64_t x_pitch = 0;  ///< numbers from row to row; a multiple of 8
  std::int64_t y_pitch = 0;
  unsigned long long* ticket = nullptr;  ///< zero before the first launch, zero again after each
  std::uint32_t* stall = nullptr;        ///< wgmma: where a wait that never ends says so
};

struct Launchable {
  void (*kernel)(KernelArguments) = nullptr;
  int threads = 0;
  int shared_bytes = 0;
  int tile_tokens = 0;
};

/// The kernels of sm_80 and later.
Launchable mma_sync_kernel(const PackedWeight& packed);
/// The kernels of sm_90a; `tile_tokens` by wgmma_tile_tokens.
Launchable wgmma_kernel(const PackedWeight& packed, int tile_tokens);

}  // namespace orrery::calibrate::gemm_cuda
