#include "calibrate/kernels/gemm/cpu_machine.hpp"

#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/layouts.hpp"
#include "calibrate/kernels/gemm/packed_weights.hpp"

namespace orrery::calibrate::gemm {

using models::gemm::GemmMachine;
using models::gemm::TileClass;

namespace {

constexpr double kBytesPerSecondOfThread = 50e9;
constexpr std::int32_t kStripRegisters = 3;

}  // namespace

GemmMachine cpu_machine(int threads, int strip) {
  GemmMachine machine;
  machine.name = "cpu";
  machine.multiprocessors = threads;
  machine.cache_bytes = 2.0 * static_cast<double>(kTileBytes);
  machine.memory_bytes_per_second = kBytesPerSecondOfThread * threads;
  machine.depth_step = kBlockDepth;
  const std::int32_t lanes = strip / kStripRegisters;
  machine.tiles = {{strip, kDensePanelColumns, TileClass::large},
                   {2 * lanes, kDensePanelColumns, TileClass::square},
                   {lanes, kDensePanelColumns, TileClass::half}};
  machine.order = models::gemm::TileOrder::strips;
  machine.two_of_four_accelerated = false;
  return machine;
}

fit::RatePriors cpu_priors(int threads, double peak_flops_per_second) {
  fit::RatePriors priors = fit::usual_rates(peak_flops_per_second);
  priors.centre.start_seconds = threads == 1 ? 5e-7 : 5e-6;
  priors.centre.tile_efficiency = {1, 0.95, 0.8, 0.7};
  priors.centre.bandwidth_fraction = 0.3;
  priors.centre.fill_rows = 8;
  priors.centre.overlap_loss = 1;
  priors.centre.gather_efficiency = 0.95;
  priors.centre.cache_speedup = 2;
  priors.centre.row_seconds = 3e-9;
  return priors;
}

}  // namespace orrery::calibrate::gemm
