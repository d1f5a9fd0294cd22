#include "models/gemm/gemm_cost.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "models/gemm/schedule.hpp"
#include "models/gemm/strips.hpp"

namespace orrery::models::gemm {

namespace {

double dense_flops(const GemmShape& shape) {
  return kFlopsPerMultiplyAdd * static_cast<double>(shape.m) * static_cast<double>(shape.n) *
         static_cast<double>(shape.k);
}

/// In the order of strips the few sums of a sparse column wait for each other, and a last strip of
/// few tokens takes as long as a full one.
GemmShape paid_shape(GemmShape shape, const GemmMachine& machine) {
  if (machine.order != TileOrder::strips) return shape;
  const std::int64_t rows = machine.tiles.front().rows;
  shape.m = (shape.m + rows - 1) / rows * rows;
  return shape;
}

/// Whether the kernel may cut K: panels of a persistent launch are not cut.
bool splits(GemmKernel kernel) {
  return kernel == GemmKernel::dense || kernel == GemmKernel::two_of_four;
}

/// Operations per second of one slot with tiles of the reference class.
double slot_flops(const GemmWork& work, const GemmMachine& machine, const KernelRates& rates) {
  return rates.flops_per_second * gather_factor(rates.gather_efficiency, work.mean_run) /
         static_cast<double>(machine.slots());
}

/// The tiles of the product and what one takes on its slot.
std::vector<TileRun> cut(const GemmWork& work, const GemmMachine& machine, const KernelRates& rates,
                         const Tile& tile, std::int32_t split) {
  const auto efficiency = rates.tile_efficiency[static_cast<std::size_t>(tile.tile_class)];
  const double tile_flops = slot_flops(work, machine, rates) * efficiency;
  const bool halved = work.two_of_four() && machine.two_of_four_accelerated;
  const std::int64_t row_tiles = (work.shape.m + tile.rows - 1) / tile.rows;
  std::vector<TileRun> tiles;
  for (const PanelGroup& panel : work.panels) {
    const std::int64_t part = (panel.rows + split - 1) / split;
    const std::int64_t steps = (part + machine.depth_step - 1) / machine.depth_step;
    const double rows =
        static_cast<double>(steps * machine.depth_step) * (halved ? 0.5 : 1) + rates.fill_rows;
    const double flops =
        kFlopsPerMultiplyAdd * tile.rows * static_cast<double>(tile.columns) * rows;
    const std::int64_t columns = (panel.columns + tile.columns - 1) / tile.columns;
    const double seconds = std::max(flops / tile_flops, rows * rates.row_seconds);
    tiles.push_back({seconds, row_tiles * columns * panel.count * split});
  }
  return tiles;
}

/// A long product heats the device until its clock falls.
double throttled(double seconds, const KernelRates& rates) {
  if (rates.throttle_depth == 0) return seconds;
  return seconds * (1 + rates.throttle_depth * seconds / (seconds + rates.throttle_seconds));
}

/// What the cache still holds of a product when it is run again: all of one that takes half of it,
/// nothing of one half as large again. In the order of strips it falls off more slowly, to nothing
/// at four times the cache (MEASURED on a Xeon with 2 MiB a core: larger products reach beyond the
/// pages whose places the processor remembers).
double cached_share(double bytes, const GemmMachine& machine) {
  if (machine.cache_bytes <= 0) return 0;
  const double filled = bytes / machine.cache_bytes;
  const double share = machine.order == TileOrder::strips ? (4 - filled) / 3.5 : 1.5 - filled;
  return std::clamp(share, 0.0, 1.0);
}

/// In the order of strips the weights stream in while tokens are multiplied, which can only make
/// the computation as long as that takes; the rest waits for memory.
void add_memory(const GemmMachine& machine, const KernelRates& rates, GemmCost& cost) {
  const double rate = machine.memory_bytes_per_second * rates.bandwidth_fraction;
  const double cached = cached_share(cost.traffic.distinct_bytes(), machine);
  const double faster = rate / (1 - cached * (1 - 1 / rates.cache_speedup));
  double bytes = cost.traffic.bytes();
  if (machine.order == TileOrder::strips) {
    bytes -= cost.traffic.weight_bytes;
    cost.compute_seconds = std::max(cost.compute_seconds, cost.traffic.weight_bytes / faster);
  }
  cost.memory_seconds = bytes / faster;
}

GemmCost finish(const GemmWork& work, const KernelRates& rates, GemmCost cost) {
  cost.seconds = rates.start_seconds + std::max(cost.compute_seconds, cost.memory_seconds) +
                 rates.overlap_loss * std::min(cost.compute_seconds, cost.memory_seconds) +
                 rates.launch_seconds * (work.launches - 1) +
                 (cost.split > 1 ? rates.split_seconds : 0);
  cost.dense_flops_per_second = dense_flops(work.shape) / cost.seconds;
  cost.achieved_flops_per_second = cost.dense_flops_per_second * work.kept;
  return cost;
}

/// The residuals say how much longer products near this shape took than the rates make them.
GemmCost corrected(GemmCost cost, const GemmWork& work, const GemmMachine& machine) {
  double factor = 1;
  if (work.kernel == GemmKernel::dense) factor = machine.dense_residuals.factor(work.shape);
  if (work.kernel == GemmKernel::two_of_four)
    factor = machine.two_of_four_residuals.factor(work.shape);
  cost.seconds *= factor;
  cost.dense_flops_per_second /= factor;
  cost.achieved_flops_per_second /= factor;
  return cost;
}

}  // namespace

const KernelRates& rates_of(const GemmMachine& machine, GemmKernel kernel) {
  const bool two_of_four = kernel == GemmKernel::two_of_four || kernel == GemmKernel::tvw;
  return two_of_four && machine.two_of_four ? *machine.two_of_four : machine.dense;
}

double gather_factor(double gather_efficiency, double mean_run) {
  if (mean_run <= 0) return 1;
  return 1 - (1 - gather_efficiency) / std::max(1.0, mean_run);
}

GemmCost gemm_cost(const GemmWork& work, const GemmMachine& machine, const Tile& tile,
                   std::int32_t split) {
  assert(split >= 1 && machine.slots() >= 1);
  const KernelRates& rates = rates_of(machine, work.kernel);
  GemmCost cost;
  cost.tile = tile;
  cost.split = split;
  cost.traffic = traffic(work, machine, tile, split);
  if (work.kernel == GemmKernel::csr) {
    cost.compute_seconds =
        dense_flops(paid_shape(work.shape, machine)) * work.kept / machine.csr_flops_per_second;
  } else if (machine.order == TileOrder::strips) {
    const double seconds = strips_seconds(work, machine, rates, slot_flops(work, machine, rates));
    cost.compute_seconds = throttled(seconds, rates);
  } else {
    const std::vector<TileRun> tiles = cut(work, machine, rates, tile, split);
    cost.compute_seconds = throttled(schedule_seconds(tiles, machine.slots()), rates);
  }
  add_memory(machine, rates, cost);
  return finish(work, rates, cost);
}

GemmCost uncorrected_cost(const GemmWork& work, const GemmMachine& machine) {
  assert(!machine.tiles.empty());
  if (work.kernel == GemmKernel::csr || machine.order == TileOrder::strips)
    return gemm_cost(work, machine, machine.tiles.front());
  std::optional<GemmCost> best;
  for (const Tile& tile : machine.tiles) {
    for (const std::int32_t split : machine.splits) {
      if (split > 1 &&
          (!splits(work.kernel) || std::int64_t{split} * machine.depth_step > work.shape.k))
        continue;
      const GemmCost cost = gemm_cost(work, machine, tile, split);
      if (!best || cost.seconds < best->seconds) best = cost;
    }
  }
  return best ? *best : gemm_cost(work, machine, machine.tiles.front());
}

GemmCost gemm_cost(const GemmWork& work, const GemmMachine& machine) {
  return corrected(uncorrected_cost(work, machine), work, machine);
}

}  // namespace orrery::models::gemm
