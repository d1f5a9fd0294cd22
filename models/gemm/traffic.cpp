#include "models/gemm/traffic.hpp"

#include <algorithm>
#include <cmath>

#include "models/gemm/strips.hpp"

namespace orrery::models::gemm {

namespace {

constexpr double kIndexBytes = 4;
constexpr double kPartialBytes = 4;       // single precision
constexpr double kMetadataBytes = 0.125;  // of two elements kept as one: two bits each, per element

struct Reads {
  double activations = 1;
  double weights = 1;
};

std::int64_t column_tiles(const GemmWork& work, const Tile& tile) {
  std::int64_t count = 0;
  for (const PanelGroup& panel : work.panels)
    count += panel.count * ceil_divide(panel.columns, tile.columns);
  return count;
}

/// Whole column panels in turn (docs/systems/tvw.md, "Cost model").
Reads panel_reads(std::int64_t row_tiles, std::int64_t columns, std::int64_t slots) {
  const double together =
      std::max(1.0, static_cast<double>(slots) / static_cast<double>(row_tiles));
  return {std::max(1.0, static_cast<double>(columns) / together), 1};
}

/// The rectangle of at most `slots` tiles whose re-reads cost least.
Reads block_reads(std::int64_t row_tiles, std::int64_t columns, std::int64_t slots, double once_x,
                  double once_w) {
  Reads best;
  double least = 0;
  for (std::int64_t high = 1; high <= std::min(row_tiles, slots); high *= 2) {
    const std::int64_t wide = std::clamp<std::int64_t>(slots / high, 1, columns);
    const Reads reads = {static_cast<double>(columns) / static_cast<double>(wide),
                         std::max(1.0, static_cast<double>(row_tiles) / static_cast<double>(high))};
    const double bytes = reads.activations * once_x + reads.weights * once_w;
    if (high == 1 || bytes < least) {
      least = bytes;
      best = reads;
    }
  }
  return best;
}

}  // namespace

double weight_bytes(const GemmWork& work) {
  const double n = static_cast<double>(work.shape.n);
  if (work.kernel == GemmKernel::csr) {
    const double nonzeros = work.kept * n * static_cast<double>(work.shape.k);
    return nonzeros * (work.element_bytes + kIndexBytes) + (n + 1) * kIndexBytes;
  }
  const double each =
      work.two_of_four() ? work.element_bytes / 2 + kMetadataBytes : work.element_bytes;
  double elements = 0;
  for (const PanelGroup& panel : work.panels)
    elements += static_cast<double>(panel.rows) * static_cast<double>(panel.columns) *
                static_cast<double>(panel.count);
  return elements * each;
}

Traffic traffic(const GemmWork& work, const GemmMachine& machine, const Tile& tile,
                std::int32_t split) {
  if (machine.order == TileOrder::strips) return strips_traffic(work, machine);
  const double m = static_cast<double>(work.shape.m);
  const double n = static_cast<double>(work.shape.n);
  const double once_x = m * static_cast<double>(work.rows_touched) * work.element_bytes;
  const double once_w = weight_bytes(work);
  const double room = machine.cache_bytes / 2;
  Traffic found;
  if (work.kernel == GemmKernel::csr) {
    if (once_x > room) found.activation_reads = std::max(1.0, work.kept * n);
  } else {
    const std::int64_t row_tiles = ceil_divide(work.shape.m, tile.rows);
    const std::int64_t columns = column_tiles(work, tile);
    const std::int64_t slots = std::max<std::int64_t>(1, machine.slots() / split);
    Reads reads;
    if (columns > 0)
      reads = machine.order == TileOrder::panels
                  ? panel_reads(row_tiles, columns, slots)
                  : block_reads(row_tiles, columns, slots, once_x, once_w);
    found.activation_reads = once_x <= room ? 1 : reads.activations;
    found.weight_reads = once_w <= room ? 1 : reads.weights;
  }
  found.activation_bytes = once_x * found.activation_reads;
  found.weight_bytes = once_w * found.weight_reads;
  found.output_bytes = m * static_cast<double>(work.columns_kept) * work.element_bytes;
  if (work.zero_fill) found.output_bytes += m * n * work.element_bytes;
  const double partials = m * n * kPartialBytes * split;
  if (split > 1 && partials > room) found.partial_bytes = 2 * partials;
  return found;
}

}  // namespace orrery::models::gemm
