#include "models/gemm/strips.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/gemm/schedule.hpp"

namespace orrery::models::gemm {

namespace {

/// Panels as the kernels see them: a sparse column in CSR is one of a single column.
std::vector<PanelGroup> panels_of(const GemmWork& work) {
  if (work.kernel != GemmKernel::csr) return work.panels;
  const double rows = std::floor(work.kept * static_cast<double>(work.shape.k) + 0.5);
  return {{std::max(std::int64_t{1}, static_cast<std::int64_t>(rows)), 1, work.shape.n}};
}

/// How the tokens of a product are cut.
struct Strips {
  std::int64_t full = 0;       ///< strips of the first tile's rows
  const Tile* last = nullptr;  ///< of the tokens beyond them; nothing where there are none
  std::int64_t steps = 1;      ///< blocks of K
  std::int64_t sets = 1;       ///< of strips that a thread packs at once
  bool by_piece = false;

  std::int64_t count() const { return full + (last != nullptr ? 1 : 0); }
};

Strips cut_tokens(const GemmWork& work, const GemmMachine& machine,
                  const std::vector<PanelGroup>& panels) {
  const Tile& strip = machine.tiles.front();
  Strips cut;
  cut.full = work.shape.m / strip.rows;
  const std::int64_t rest = work.shape.m % strip.rows;
  if (rest > 0) {
    cut.last = &strip;
    for (const Tile& tile : machine.tiles)
      if (tile.rows >= rest && tile.rows < cut.last->rows) cut.last = &tile;
  }
  std::int64_t deepest = 1;
  for (const PanelGroup& panel : panels) deepest = std::max(deepest, panel.rows);
  cut.steps = ceil_divide(deepest, machine.depth_step);
  const double in_block = static_cast<double>(work.rows_touched) *
                          static_cast<double>(std::min<std::int64_t>(deepest, machine.depth_step)) /
                          static_cast<double>(deepest);
  const double packed = in_block * strip.rows * work.element_bytes;
  const auto fitting = static_cast<std::int64_t>(
      std::max(1.0, std::floor(machine.cache_bytes / 2 / std::max(packed, 1.0))));
  const std::int64_t slots = machine.slots();
  cut.sets = std::min(cut.count(), ceil_divide(ceil_divide(cut.count(), fitting), slots) * slots);
  cut.by_piece = cut.sets < slots;
  return cut;
}

/// Seconds of one strip of `tile`'s rows through a panel's `columns`.
double strip_seconds(const PanelGroup& panel, std::int64_t columns, const Tile& tile,
                     const GemmMachine& machine, const KernelRates& rates, double slot_flops) {
  const double rows =
      static_cast<double>(panel.rows) +
      rates.fill_rows * static_cast<double>(ceil_divide(panel.rows, machine.depth_step));
  const double efficiency = rates.tile_efficiency[static_cast<std::size_t>(tile.tile_class)];
  return kFlopsPerMultiplyAdd * tile.rows * static_cast<double>(columns) * rows /
         (slot_flops * efficiency);
}

}  // namespace

double strips_seconds(const GemmWork& work, const GemmMachine& machine, const KernelRates& rates,
                      double slot_flops) {
  const std::vector<PanelGroup> panels = panels_of(work);
  const Strips cut = cut_tokens(work, machine, panels);
  const Tile& strip = machine.tiles.front();
  std::vector<TileRun> pieces;
  double full = 0;
  double last = 0;
  double look_up = 0;
  for (const PanelGroup& panel : panels) {
    const auto through = [&](const Tile& tile, std::int64_t columns) {
      return strip_seconds(panel, columns, tile, machine, rates, slot_flops);
    };
    full += through(strip, panel.columns) * static_cast<double>(panel.count);
    if (cut.last != nullptr)
      last += through(*cut.last, panel.columns) * static_cast<double>(panel.count);
    look_up += rates.row_seconds * static_cast<double>(panel.rows * panel.count);
    if (!cut.by_piece) continue;
    for (std::int64_t first = 0; first < panel.columns; first += strip.columns) {
      const std::int64_t columns = std::min<std::int64_t>(strip.columns, panel.columns - first);
      if (cut.full > 0) pieces.push_back({through(strip, columns), panel.count * cut.full});
      if (cut.last != nullptr) pieces.push_back({through(*cut.last, columns), panel.count});
    }
  }
  if (cut.by_piece) return schedule_seconds(pieces, machine.slots());
  // Sets of strips that differ by one at most: the later ones are the longer, the last strip too.
  const std::int64_t sets_each = ceil_divide(cut.sets, machine.slots());
  if (machine.slots() == 1 || sets_each > kExactWaves)
    return (static_cast<double>(cut.full) * full + last + static_cast<double>(cut.sets) * look_up) /
           static_cast<double>(machine.slots());
  std::vector<TileRun> sets;
  for (std::int64_t i = 0; i < cut.sets; ++i) {
    const std::int64_t strips = cut.count() * (i + 1) / cut.sets - cut.count() * i / cut.sets;
    const bool ends = i + 1 == cut.sets && cut.last != nullptr;
    const double of_full = static_cast<double>(strips - (ends ? 1 : 0)) * full;
    sets.push_back({of_full + (ends ? last : 0) + look_up, 1});
  }
  return schedule_seconds(sets, machine.slots());
}

Traffic strips_traffic(const GemmWork& work, const GemmMachine& machine) {
  const std::vector<PanelGroup> panels = panels_of(work);
  const Strips cut = cut_tokens(work, machine, panels);
  const double m = static_cast<double>(work.shape.m);
  Traffic found;
  const double once_x = m * static_cast<double>(work.rows_touched) * work.element_bytes;
  double packed = once_x;
  if (cut.by_piece) {
    double rows = 0;
    for (const PanelGroup& panel : panels)
      rows += static_cast<double>(panel.rows * panel.count *
                                  ceil_divide(panel.columns, machine.tiles.front().columns));
    packed = m * rows * work.element_bytes;
  }
  found.activation_bytes = 2 * packed;
  found.activation_reads = once_x > 0 ? found.activation_bytes / once_x : 1;
  found.weight_reads = cut.by_piece ? 1 : static_cast<double>(cut.sets);
  found.weight_bytes = weight_bytes(work) * found.weight_reads;
  const double kept = m * static_cast<double>(work.columns_kept) * work.element_bytes;
  const double pruned = work.zero_fill ? m * static_cast<double>(work.shape.n - work.columns_kept) *
                                             work.element_bytes
                                       : 0;
  found.output_bytes = kept * static_cast<double>(2 * cut.steps - 1) + pruned;
  if (kept + pruned > 0) found.output_passes = found.output_bytes / (kept + pruned);
  return found;
}

}  // namespace orrery::models::gemm
