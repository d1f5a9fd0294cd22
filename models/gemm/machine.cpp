#include "models/gemm/machine.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "models/base/error.hpp"

namespace orrery::models::gemm {

namespace {

[[noreturn]] void fail(const GemmMachine& machine, std::string_view key, double found,
                       std::string_view expected) {
  throw base::Error({machine.name, 0, 0, std::string(key)},
                    fmt::format("found {}, expected {}", found, expected));
}

void require_positive(const GemmMachine& machine, std::string_view key, double value) {
  if (!(value > 0) || !std::isfinite(value)) fail(machine, key, value, "a number above 0");
}

void require_within(const GemmMachine& machine, std::string_view key, double value, double least,
                    double most) {
  if (!(value >= least && value <= most))
    fail(machine, key, value, fmt::format("a number from {} to {}", least, most));
}

constexpr double kMost = 1e30;
constexpr double kLeastEfficiency = 1e-3;

void check_rates(const GemmMachine& machine, const KernelRates& rates) {
  require_within(machine, "start_seconds", rates.start_seconds, 0, kMost);
  require_positive(machine, "flops_per_second", rates.flops_per_second);
  for (const double efficiency : rates.tile_efficiency)
    require_within(machine, "tile_efficiency", efficiency, kLeastEfficiency, 1);
  require_within(machine, "bandwidth_fraction", rates.bandwidth_fraction, kLeastEfficiency, 1);
  require_within(machine, "fill_rows", rates.fill_rows, 0, kMost);
  require_within(machine, "overlap_loss", rates.overlap_loss, 0, 1);
  require_within(machine, "gather_efficiency", rates.gather_efficiency, kLeastEfficiency, 1);
  require_within(machine, "launch_seconds", rates.launch_seconds, 0, kMost);
  require_within(machine, "cache_speedup", rates.cache_speedup, 1, kMost);
  require_within(machine, "row_seconds", rates.row_seconds, 0, kMost);
  require_within(machine, "split_seconds", rates.split_seconds, 0, kMost);
  require_within(machine, "throttle_depth", rates.throttle_depth, 0, kMost);
  require_positive(machine, "throttle_seconds", rates.throttle_seconds);
}

}  // namespace

void check(const GemmMachine& machine) {
  require_positive(machine, "multiprocessors", machine.multiprocessors);
  require_positive(machine, "slots_per_multiprocessor", machine.slots_per_multiprocessor);
  require_within(machine, "cache_bytes", machine.cache_bytes, 0, kMost);
  require_positive(machine, "memory_bytes_per_second", machine.memory_bytes_per_second);
  require_positive(machine, "depth_step", machine.depth_step);
  require_positive(machine, "csr_flops_per_second", machine.csr_flops_per_second);
  if (machine.tiles.empty()) fail(machine, "tiles", 0, "at least one tile");
  for (const Tile& tile : machine.tiles) {
    require_positive(machine, "tiles", tile.rows);
    require_positive(machine, "tiles", tile.columns);
  }
  if (machine.splits.empty()) fail(machine, "splits", 0, "at least one split of K");
  for (const std::int32_t split : machine.splits) require_positive(machine, "splits", split);
  check_rates(machine, machine.dense);
  if (machine.two_of_four) check_rates(machine, *machine.two_of_four);
}

std::vector<Tile> gpu_tiles() {
  return {{256, 128, TileClass::large}, {128, 256, TileClass::large}, {128, 128, TileClass::square},
          {128, 64, TileClass::half},   {64, 128, TileClass::half},   {64, 64, TileClass::small}};
}

}  // namespace orrery::models::gemm
