#include "tests/gemm_model/measured_sets.hpp"

#include <cstdint>
#include <map>
#include <tuple>

#include "models/base/error.hpp"
#include "models/base/portable_math.hpp"

namespace orrery::gemm_model_report {

using models::gemm::GemmKernel;

std::vector<MeasuredSet> measured_sets() {
  return {
      {"A100_80GB_PCIe", GemmKernel::dense, 3.3, 13},
      {"A100_80GB_PCIe", GemmKernel::two_of_four, 9.0, 25},
      {"H100_PCIe", GemmKernel::dense, 10.5, 33},
      {"H100_PCIe", GemmKernel::two_of_four, 8.3, 24},
      {"B200", GemmKernel::dense, 8.9, 24},
      {"B200", GemmKernel::two_of_four, 5.6, 16},
  };
}

Device device_of(std::string_view gpu) {
  struct Sheet {
    std::string_view gpu;
    std::int32_t multiprocessors;
    double cache_bytes;
    double memory_bytes_per_second;
    double peak_flops_per_second;
  };
  // NVIDIA's data sheets: A100 80GB PCIe, H100 PCIe, B200 (HGX). The cache of a B200 is none of its
  // data sheet's figures; 126 MB is what the driver is said to report (not verified by us).
  constexpr Sheet kSheets[] = {{"A100_80GB_PCIe", 108, 40e6, 1.935e12, 312e12},
                               {"H100_PCIe", 114, 50e6, 2.0e12, 756e12},
                               {"B200", 148, 126e6, 8.0e12, 2250e12}};
  for (const Sheet& sheet : kSheets) {
    if (sheet.gpu != gpu) continue;
    Device device;
    device.machine.name = gpu;
    device.machine.multiprocessors = sheet.multiprocessors;
    device.machine.cache_bytes = sheet.cache_bytes;
    device.machine.memory_bytes_per_second = sheet.memory_bytes_per_second;
    device.machine.depth_step = 64;
    device.machine.tiles = models::gemm::gpu_tiles();
    device.machine.splits = {1, 2, 4};
    device.peak_flops_per_second = sheet.peak_flops_per_second;
    return device;
  }
  throw base::Error({"", 0, 0, std::string(gpu)}, "has no data sheet here");
}

std::vector<calibrate::gemm::fit::GemmPoint> points_of(
    const MeasuredSet& set, const std::vector<traces::GemmMeasurement>& measurements) {
  struct Times {
    double log_sum = 0;
    int count = 0;
  };
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Times> times;
  for (const traces::GemmMeasurement& row : measurements) {
    if (row.gpu != set.gpu || row.kernel != set.kernel || row.dtype != "BF16") continue;
    Times& of_shape = times[{row.shape.m, row.shape.n, row.shape.k}];
    of_shape.log_sum += base::portable_log(row.seconds);
    ++of_shape.count;
  }
  std::vector<calibrate::gemm::fit::GemmPoint> points;
  for (const auto& [shape, found] : times) {
    const models::gemm::GemmShape of = {std::get<0>(shape), std::get<1>(shape), std::get<2>(shape)};
    points.push_back({set.kernel == GemmKernel::dense ? models::gemm::dense_work(of)
                                                      : models::gemm::two_of_four_work(of),
                      base::portable_exp(found.log_sum / found.count)});
  }
  return points;
}

}  // namespace orrery::gemm_model_report
