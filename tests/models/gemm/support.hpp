// A machine and shapes for the tests of the cost model.
#pragma once

#include "models/base/random.hpp"
#include "models/gemm/machine.hpp"
#include "models/gemm/work.hpp"

namespace orrery::test {

/// A GPU with round numbers: 100 slots, 1e14 operations and 1e12 bytes per second.
inline models::gemm::GemmMachine round_machine() {
  models::gemm::GemmMachine machine;
  machine.name = "round";
  machine.multiprocessors = 100;
  machine.cache_bytes = 40e6;
  machine.memory_bytes_per_second = 1e12;
  machine.depth_step = 32;
  machine.tiles = models::gemm::gpu_tiles();
  machine.splits = {1, 2, 4};
  machine.dense.start_seconds = 4e-6;
  machine.dense.flops_per_second = 1e14;
  machine.dense.tile_efficiency = {1, 0.9, 0.8, 0.6};
  machine.dense.bandwidth_fraction = 0.8;
  machine.dense.fill_rows = 64;
  return machine;
}

inline constexpr models::gemm::Tile kTile = {128, 128, models::gemm::TileClass::square};

inline models::gemm::GemmShape random_shape(base::RandomStream& random) {
  const auto between = [&](std::int64_t least, std::int64_t most) {
    return least +
           static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least + 1)));
  };
  const std::int64_t tokens = between(1, 20000);
  const std::int64_t outputs = between(64, 8000);
  return {tokens, outputs, between(64, 8000)};
}

}  // namespace orrery::test
