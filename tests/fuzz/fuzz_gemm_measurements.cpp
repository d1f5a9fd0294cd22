// Any bytes are a table of measured matrix products or an Error; what is read has a cost.
#include <cmath>

#include "models/base/error.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "tests/fuzz/input_file.hpp"
#include "traces/gemm_measurements.hpp"

using namespace orrery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::InputFile file(data, size);
  models::gemm::GemmMachine machine;
  machine.tiles = models::gemm::gpu_tiles();
  try {
    for (const auto& row : traces::read_gemm_measurements(file.path())) {
      fuzz::require(row.seconds > 0);
      const double seconds =
          models::gemm::gemm_cost(models::gemm::dense_work(row.shape), machine).seconds;
      fuzz::require(std::isfinite(seconds) && seconds > 0);
    }
  } catch (const base::Error&) {
  }
  return 0;
}
