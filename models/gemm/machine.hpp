// What a device is to the cost model of matrix products: slots that run tiles, a memory, and rates
// that were fitted to measurements.
//
// docs/systems/tvw.md, "Cost model" (ours, not the papers'). Terms that the page does not have are
// marked "added"; their neutral values leave the model as the page has it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/gemm/residual_table.hpp"

namespace orrery::models::gemm {

/// Classes of tiles that share one efficiency. The first is the reference: its efficiency is 1.
enum class TileClass { large, square, half, small };
inline constexpr std::size_t kTileClasses = 4;

/// What one thread block (GPU) or one thread (CPU) computes at a time.
struct Tile {
  std::int32_t rows = 128;     ///< BM, tokens
  std::int32_t columns = 128;  ///< BN, outputs
  TileClass tile_class = TileClass::square;

  bool operator==(const Tile&) const = default;
};

/// In which order the tiles of a product run, which decides what the cache can serve twice.
enum class TileOrder {
  panels,  ///< all tokens of one column panel, then the next: one launch for all panels
  blocks,  ///< added: near-square blocks of tiles, as the vendor's libraries do
  strips,  ///< added: strips of tokens through all panels, as our kernels for processors do
};

/// Rates of one family of kernels on one device, fitted: dense and TW share one set, 2:4 and TVW
/// have their own.
struct KernelRates {
  double start_seconds = 4e-6;     ///< t0: an empty product, launch included
  double flops_per_second = 1e14;  ///< P_eff: all slots busy with tiles of the reference class
  /// P_eff of each class over that of the reference: 1, e_128x128, e_128x64, e_64x64.
  std::array<double, kTileClasses> tile_efficiency = {1, 0.95, 0.85, 0.7};
  double bandwidth_fraction = 0.8;  ///< beta: of memory_bytes_per_second
  double fill_rows = 64;            ///< k_f: what a tile's pipeline costs to fill, in rows of K
  double overlap_loss = 0.15;       ///< rho: what of the shorter of compute and memory still shows
  double gather_efficiency = 0.8;   ///< g: P_eff where every kept row stands alone, over 1
  double launch_seconds = 0;        ///< t_l: of every launch after the first

  /// Added: bandwidth, over memory_bytes_per_second * beta, of what stays in the cache from one
  /// repetition of a product to the next (measurements repeat one; 1 where it is cold).
  double cache_speedup = 1;
  /// Added: a tile takes at least this for each row of K, however small it is (the latency of its
  /// loads is no longer hidden; in the order of strips, what looking up a panel's row costs), and
  /// cutting K costs this to add the parts up.
  double row_seconds = 0;
  double split_seconds = 0;
  /// Added: power. A long product runs at P_eff / (1 + throttle_depth); half of that is reached
  /// where its computation takes throttle_seconds.
  double throttle_depth = 0;
  double throttle_seconds = 1e-3;

  bool operator==(const KernelRates&) const = default;
};

/// A device: what its data sheet or the system says of it, the kernels' constants, and the rates.
struct GemmMachine {
  std::string name;
  std::int32_t multiprocessors = 1;           ///< SMs of a GPU, cores of a CPU
  std::int32_t slots_per_multiprocessor = 1;  ///< tiles that run on one at the same time
  /// The cache that all multiprocessors share; in the order of strips that of each thread.
  double cache_bytes = 32e6;
  double memory_bytes_per_second = 1e12;  ///< of the data sheet
  std::int32_t depth_step = 32;           ///< BK: rows of K that a tile takes in at once
  /// Candidates, at least one; in the order of strips the strip, then narrower ones (strips.hpp).
  std::vector<Tile> tiles;
  std::vector<std::int32_t> splits = {1};  ///< candidates of split-K, for dense kernels
  TileOrder order = TileOrder::panels;
  /// Whether a 2:4 pattern halves the computation; where not (a CPU), it only saves bytes.
  bool two_of_four_accelerated = true;
  /// Rates of CSR kernels, whose tiles are single rows of weights: P_eff counts useful operations.
  double csr_flops_per_second = 1e12;
  KernelRates dense;                       ///< of dense, TW and BW kernels
  std::optional<KernelRates> two_of_four;  ///< of 2:4 and TVW kernels; without it those of dense
  /// What the rates leave unexplained of dense and of pure 2:4 products, by shape. Pruned products
  /// are not corrected: their tables would have to know the pattern, too.
  ResidualTable dense_residuals;
  ResidualTable two_of_four_residuals;

  std::int64_t slots() const { return std::int64_t{multiprocessors} * slots_per_multiprocessor; }
  bool operator==(const GemmMachine&) const = default;
};

/// Throws base::Error, naming the constant, what was found and what is expected, for a machine no
/// product can run on: a rate or size that is not above 0, an efficiency outside (0, 1], no tile.
void check(const GemmMachine& machine);

/// The tile candidates of GPU libraries in both orientations: 256x128, 128x128, 128x64, 64x64.
std::vector<Tile> gpu_tiles();

}  // namespace orrery::models::gemm
