#include "models/hardware/gpu_catalog.hpp"

#include <array>

namespace orrery::models {

namespace {

// Where a source gives a rate with 2:4 sparsity only, half of it stands here and the source says
// so. Rates of tensor units where a device has them. Memory sizes are written GB by the data
// sheets and are powers of two times a whole number: 2^30 bytes each.
constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

constexpr std::string_view kUnsourced{};
constexpr std::string_view kK80 =
    "NVIDIA Tesla K80 board specification BD-07317-001, half of the board";
constexpr std::string_view kP100 = "NVIDIA Tesla P100 PCIe data sheet, specifications";
constexpr std::string_view kV100 = "NVIDIA V100 Tensor Core GPU data sheet, specifications, SXM2";
constexpr std::string_view kTuring =
    "NVIDIA Turing GPU Architecture whitepaper WP-09183-001, table 1, reference RTX 2080 Ti";
constexpr std::string_view kTuringFp32Sum =
    "NVIDIA Turing GPU Architecture whitepaper WP-09183-001, table 1, reference RTX 2080 Ti, FP32 "
    "accumulate";
constexpr std::string_view kRtx6000 = "NVIDIA Quadro RTX 6000 data sheet, specifications";
constexpr std::string_view kT4 = "NVIDIA T4 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kA10 = "NVIDIA A10 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kA30 = "NVIDIA A30 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kA40 = "NVIDIA A40 data sheet, specifications";
constexpr std::string_view kA100 = "NVIDIA A100 Tensor Core GPU data sheet, specifications, SXM";
constexpr std::string_view kL4 = "NVIDIA L4 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kL4Half =
    "NVIDIA L4 Tensor Core GPU data sheet, specifications, half of the rate with sparsity";
constexpr std::string_view kL40S = "NVIDIA L40S data sheet, specifications";
constexpr std::string_view kH100 = "NVIDIA H100 Tensor Core GPU data sheet, specifications, SXM";
constexpr std::string_view kH100Half =
    "NVIDIA H100 Tensor Core GPU data sheet, specifications, SXM, half of the rate with sparsity";
constexpr std::string_view kH200 = "NVIDIA H200 Tensor Core GPU data sheet, specifications, SXM";
constexpr std::string_view kH200Half =
    "NVIDIA H200 Tensor Core GPU data sheet, specifications, SXM, half of the rate with sparsity";

constexpr Sourced gib(double value, std::string_view source) {
  return {value * kGiB, source};
}
constexpr Sourced giga(double value, std::string_view source) {
  return {value * 1e9, source};
}
constexpr Sourced tera(double value, std::string_view source) {
  return {value * 1e12, source};
}
constexpr Sourced watts(double value, std::string_view source) {
  return {value, source};
}
// Network rates of usual nodes, from their rates in Gbit/s: a habit of the field, no source.
constexpr Sourced nic(double gigabits) {
  return {gigabits * 1e9 / 8, kUnsourced};
}

constexpr std::array<GpuType, 2> kCatalog{{
    {.name = "v100-16g",
     .full_name = "NVIDIA V100 SXM2 16GB",
     .architecture = "Volta",
     .memory_bytes = gib(16, kV100),
     .memory_bytes_per_second = giga(900, kV100),
     .fp32_flops_per_second = tera(15.7, kV100),
     .fp16_flops_per_second = tera(125, kV100),
     .link = GpuLink::nvlink2,
     .link_bytes_per_second = giga(300, kV100),
     .power_watts = watts(300, kV100),
     .nic_bytes_per_second = nic(100)},
    {.name = "v100-32g",
     .full_name = "NVIDIA V100 SXM2 32GB",
     .architecture = "Volta",
     .memory_bytes = gib(32, kV100),
     .memory_bytes_per_second = giga(900, kV100),
     .fp32_flops_per_second = tera(15.7, kV100),
     .fp16_flops_per_second = tera(125, kV100),
     .link = GpuLink::nvlink2,
     .link_bytes_per_second = giga(300, kV100),
     .power_watts = watts(300, kV100),
     .nic_bytes_per_second = nic(100)},
}};

}  // namespace

std::span<const GpuType> gpu_catalog() {
  return kCatalog;
}

}  // namespace orrery::models
