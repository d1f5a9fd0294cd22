// Bytes that a matrix product moves between memory and the multiprocessors.
#pragma once

#include <cstdint>

#include "models/gemm/machine.hpp"
#include "models/gemm/work.hpp"

namespace orrery::models::gemm {

/// Bytes by what they are, re-reads included.
struct Traffic {
  double activation_bytes = 0;  ///< X, M * K_touch elements each time it is read
  double weight_bytes = 0;      ///< W as stored: values, 2:4 metadata, CSR columns and row starts
  double output_bytes = 0;      ///< Y: M * N_keep, and M * N more where it is zeroed first
  double partial_bytes = 0;  ///< added: split-K sums in single precision, where the cache is full
  double activation_reads = 1;  ///< R_x: how often X comes from memory
  double weight_reads = 1;      ///< added: how often W does, 1 in the order of panels
  double output_passes = 1;     ///< added: how often Y is written or read, 1 but in strips

  /// All that is touched, once.
  double distinct_bytes() const {
    return activation_bytes / activation_reads + weight_bytes / weight_reads +
           output_bytes / output_passes;
  }
  double bytes() const { return activation_bytes + weight_bytes + output_bytes + partial_bytes; }
};

/// Bytes of W as stored: for each element kept by its panel 1, or with 2:4 half a value and two
/// bits for each value kept (9/16 of 16-bit elements); in CSR a value and a 32-bit column for each
/// element kept and a 32-bit start for each of N rows.
double weight_bytes(const GemmWork& work);

/// The traffic of `work` cut into `tile`s, K into `split` parts.
///
/// In the order of panels (docs/systems/tvw.md, "Cost model"): X is read once where its touched
/// part fits half the cache, else once for each set of panels that run at the same time, slots /
/// ceil(M / BM). In the order of blocks (added): the tiles that run at the same time are a
/// rectangle of the grid of tiles, chosen for the least traffic, and X is read once for each column
/// of rectangles, W once for each row of them; what fits half the cache is read once. CSR reads X
/// for each element kept, and the cache serves all but one read where X fits half of it.
Traffic traffic(const GemmWork& work, const GemmMachine& machine, const Tile& tile,
                std::int32_t split = 1);

}  // namespace orrery::models::gemm
