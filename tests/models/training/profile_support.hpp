// Profiles for tests; every number is made up.
#pragma once

#include <string>

#include "models/gemm/machine_profile.hpp"
#include "models/profile/profile_file.hpp"

namespace orrery::test {

/// A GPU of 100 slots with round rates.
inline models::gemm::GemmMachine made_up_machine(double flops_per_second = 2e14) {
  models::gemm::GemmMachine machine;
  machine.name = "made up";
  machine.multiprocessors = 100;
  machine.memory_bytes_per_second = 1.5e12;
  machine.tiles = models::gemm::gpu_tiles();
  machine.splits = {1, 2, 4};
  machine.dense.flops_per_second = flops_per_second;
  machine.two_of_four = machine.dense;
  machine.csr_flops_per_second = 1e13;
  return machine;
}

/// A CPU of two cores.
inline models::gemm::GemmMachine made_up_processor() {
  models::gemm::GemmMachine machine;
  machine.name = "made up processor";
  machine.multiprocessors = 2;
  machine.memory_bytes_per_second = 1.2e10;
  machine.tiles = {{96, 128, models::gemm::TileClass::large}};
  machine.depth_step = 64;
  machine.two_of_four_accelerated = false;
  machine.dense.flops_per_second = 1e11;
  machine.dense.start_seconds = 2e-6;
  machine.csr_flops_per_second = 1e10;
  return machine;
}

inline models::FittedCost rate_cost(const std::string& kernel, const std::string& variant,
                                    double start_seconds, double bytes_per_second) {
  models::FittedCost cost;
  cost.kernel = kernel;
  cost.variant = variant;
  cost.form = "start + bytes / rate";
  cost.coefficients = {{"start_seconds", start_seconds}, {"bytes_per_second", bytes_per_second}};
  cost.points = 10;
  cost.held_out = {0.02, 0.05};
  return cost;
}

/// A profile with `gemm` and `memory` costs, as if read from a file.
inline models::ProfileFile made_up_profile(const std::string& device, const std::string& backend,
                                           const models::gemm::GemmMachine& machine) {
  models::ProfileFile file;
  file.path = "profiles/" + device + ".yaml";
  file.sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  file.profile.device = device;
  file.profile.backend = backend;
  file.profile.costs = models::gemm::gemm_costs(machine);
  for (models::FittedCost& cost : file.profile.costs) {
    cost.form = "tiles on slots";
    cost.points = 24;
    cost.held_out = {0.04, 0.11};
  }
  file.profile.costs.push_back(rate_cost("memory", "copy", 0, 1.3e12));
  return file;
}

}  // namespace orrery::test
