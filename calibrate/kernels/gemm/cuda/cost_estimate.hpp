// What v1 can reach at best, before it has run anywhere: a roofline and an occupancy, OURS, from
// the tile alone. Not a figure of a device, and no substitute for one.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "calibrate/kernels/gemm/cuda/packing.hpp"

namespace orrery::calibrate::gemm_cuda {

struct Estimate {
  double instructions = 0;     ///< mma of m16n8k16, or mma.sp of m16n8k32 at the same cost
  double useful_share = 0;     ///< of the products computed, those the layout asks for
  double global_bytes = 0;     ///< X once per band and token tile, weights once per item, Y once
  double shared_bytes = 0;     ///< read by ldmatrix and by loads of fragments
  double compute_seconds = 0;  ///< at `flops` of the dense tensor cores
  double memory_seconds = 0;   ///< at `bytes_per_second`, every re-read missing the L2 cache
  int blocks_per_multiprocessor = 2;  ///< by registers (at most 255 x 128) and shared memory
};

/// Estimate for a packed weight over `tokens`; `flops` and `bytes_per_second` of the device (dense
/// 16-bit tensor rate and DRAM). mma.sp is taken at the time of the dense instruction with half its
/// depth (the data sheet's 2x); on sm_90 the mma.sync path reaches, by recollection, 60 to 65 % of
/// wgmma, which `flops` should reflect.
inline Estimate estimate(const PackedWeight& packed, std::int64_t tokens, double flops,
                         double bytes_per_second) {
  assert(packed.options.family == Family::mma_sync);
  Estimate e;
  const double tiles = static_cast<double>(token_tiles(tokens));
  const double outputs = packed.options.outputs;
  const double depth = packed.options.sparse ? 64 : 32;
  double asked = 0;
  double done = 0;
  for (const Band& band : packed.bands) {
    double columns = 0;
    for (int i = 0; i < packed.options.outputs; ++i) {
      const std::int32_t at = band.columns + i;
      columns += packed.column_table[static_cast<std::size_t>(at)] >= 0 ? 1 : 0;
    }
    asked += columns * band.kept * static_cast<double>(tokens);
    done += outputs * band.stages * depth * tiles * tile_tokens;
    e.instructions += tiles * band.stages * stage_steps * (outputs / 16) * (tile_tokens / 8.0);
    const double stage_bytes = outputs * 64 + (packed.options.sparse ? outputs * 8 : 0);
    e.global_bytes += tiles * band.stages * stage_bytes +
                      2.0 * static_cast<double>(tokens) * (band.kept + columns);
    // Two columns of warps read every fragment, two rows of warps every token.
    e.shared_bytes += tiles * band.stages * (2 * stage_bytes + 2 * depth * token_row_bytes);
  }
  e.useful_share = done > 0 ? asked / done : 1;
  e.compute_seconds = e.instructions * 2 * 16 * 8 * 16 / flops;
  e.memory_seconds = e.global_bytes / bytes_per_second;
  return e;
}

}  // namespace orrery::calibrate::gemm_cuda
