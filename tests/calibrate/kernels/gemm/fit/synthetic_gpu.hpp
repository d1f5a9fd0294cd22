// The GPU whose products the tests of the fits make up.
#pragma once

#include <utility>
#include <vector>

#include "models/gemm/machine.hpp"

namespace orrery::test {

/// What its data sheet says of dense products, in operations per second.
inline constexpr double kPeak = 3e14;

/// It as a fit begins with it: no rates yet.
inline models::gemm::GemmMachine synthetic_gpu(std::vector<models::gemm::Tile> tiles) {
  models::gemm::GemmMachine machine;
  machine.name = "test";
  machine.multiprocessors = 100;
  machine.cache_bytes = 40e6;
  machine.memory_bytes_per_second = 2e12;
  machine.depth_step = 64;
  machine.tiles = std::move(tiles);
  return machine;
}

}  // namespace orrery::test
