#include "calibrate/kernels/gemm/fit/unfitted.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace orrery::calibrate::gemm::fit {

void keep_unfitted_as_constants(models::FittedCost& cost, const GemmForm& form, bool csr) {
  std::vector<std::string_view> unfitted = {"tile_efficiency_large"};  // the reference: 1
  const bool strips = form.order == models::gemm::TileOrder::strips;
  if (!form.gather) unfitted.push_back("gather_efficiency");
  if (!form.cache) unfitted.push_back("cache_speedup");
  if (!form.latency) unfitted.push_back("row_seconds");
  if (!form.latency || strips) unfitted.push_back("split_seconds");
  if (!form.throttle) {
    unfitted.push_back("throttle_depth");
    unfitted.push_back("throttle_seconds");
  }
  if (!csr) unfitted.push_back("csr_flops_per_second");
  const auto moved = std::stable_partition(
      cost.coefficients.begin(), cost.coefficients.end(), [&](const auto& number) {
        return std::find(unfitted.begin(), unfitted.end(), number.first) == unfitted.end();
      });
  cost.constants.insert(cost.constants.end(), moved, cost.coefficients.end());
  cost.coefficients.erase(moved, cost.coefficients.end());
}

}  // namespace orrery::calibrate::gemm::fit
