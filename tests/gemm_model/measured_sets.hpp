// The measured products that the report on the cost model is about, and what they ran on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "calibrate/kernels/gemm/fit/rate_fit.hpp"
#include "traces/gemm_measurements.hpp"

namespace orrery::gemm_model_report {

/// One table of a GPU and a pattern, with the errors to be met.
struct MeasuredSet {
  std::string_view gpu;  ///< as the table writes it
  models::gemm::GemmKernel kernel;
  double target_median_percent;  ///< of |ln(predicted / measured)|
  double target_p90_percent;
};

/// The six tables of docs/systems/tvw.md, "Errors on public tables", BF16, errors of 24 points.
std::vector<MeasuredSet> measured_sets();

/// The GPU as its data sheet describes it, rates not yet fitted.
struct Device {
  models::gemm::GemmMachine machine;
  double peak_flops_per_second = 1;  ///< BF16, dense
};
Device device_of(std::string_view gpu);

/// The set's products by ascending shape, one for each shape: where a shape stands under two
/// models, the geometric mean of its times.
std::vector<calibrate::gemm::fit::GemmPoint> points_of(
    const MeasuredSet& set, const std::vector<traces::GemmMeasurement>& measurements);

}  // namespace orrery::gemm_model_report
