#include "models/hardware/gpu_catalog.hpp"

#include <array>

namespace orrery::models {

namespace {

// Rates of tensor units where a device has them, else of its ordinary ones. Where a source gives a
// rate with 2:4 sparsity only, half of it stands here and the source says so. Cards whose NVLink
// is an optional bridge between two (2080 Ti, Quadro RTX 6000, A30, A40, PCIe cards of A100 and
// H100) are taken without it.
//
// One Tesla K80 board is two GPUs: schedulers and traces count GK210 chips, and so does `k80`.
constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

constexpr std::string_view kUnsourced{};
constexpr std::string_view kPcie3 = "PCI Express 3.0: 16 lanes of 8 GT/s, both directions";
constexpr std::string_view kPcie4 = "PCI Express 4.0: 16 lanes of 16 GT/s, both directions";
constexpr std::string_view kPcie5 = "PCI Express 5.0: 16 lanes of 32 GT/s, both directions";
constexpr std::string_view kK80 =
    "Tesla K80 GPU Accelerator board specification BD-07317-001, half of the board, GPU Boost";
constexpr std::string_view kP100 = "NVIDIA Tesla P100 data sheet, specifications, PCIe";
constexpr std::string_view kV100 = "NVIDIA V100 Tensor Core GPU data sheet, specifications, SXM2";
constexpr std::string_view kTuringTi =
    "NVIDIA Turing GPU Architecture whitepaper WP-09183-001, comparison of GP102 and TU102, "
    "reference cards";
constexpr std::string_view kTuringTiSum =
    "NVIDIA Turing GPU Architecture whitepaper WP-09183-001, comparison of GP102 and TU102, "
    "reference cards, FP32 accumulate";
constexpr std::string_view kT4 =
    "NVIDIA Turing GPU Architecture whitepaper WP-09183-001, comparison of Tesla P4 and T4";
constexpr std::string_view kRtx6000 = "NVIDIA Quadro RTX 6000 data sheet, specifications";
constexpr std::string_view kA10 = "NVIDIA A10 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kA30 = "NVIDIA A30 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kA40 = "NVIDIA A40 data sheet, specifications";
constexpr std::string_view kA100 = "NVIDIA A100 Tensor Core GPU data sheet, specifications, SXM";
constexpr std::string_view kA100Pcie =
    "NVIDIA A100 Tensor Core GPU data sheet, specifications, PCIe";
constexpr std::string_view kL4 = "NVIDIA L4 Tensor Core GPU data sheet, specifications";
constexpr std::string_view kL4Half =
    "NVIDIA L4 Tensor Core GPU data sheet, specifications, half of the rate with sparsity";
constexpr std::string_view kL40S = "NVIDIA L40S data sheet, specifications";
constexpr std::string_view kH100 = "NVIDIA H100 Tensor Core GPU data sheet, specifications, SXM";
constexpr std::string_view kH100Half =
    "NVIDIA H100 Tensor Core GPU data sheet, specifications, SXM, half of the rate with sparsity";
constexpr std::string_view kH100Pcie =
    "NVIDIA H100 Tensor Core GPU data sheet, specifications, PCIe";
constexpr std::string_view kH100PcieHalf =
    "NVIDIA H100 Tensor Core GPU data sheet, specifications, PCIe, half of the rate with sparsity";
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
// Gbit/s of a usual node: a habit of the field, no source.
constexpr Sourced nic(double gigabits) {
  return {gigabits * 1e9 / 8, kUnsourced};
}

constexpr std::array<GpuType, 22> kCatalog{{
    {.name = "1080ti",
     .full_name = "NVIDIA GeForce GTX 1080 Ti",
     .architecture = "Pascal",
     .memory_bytes = gib(11, kTuringTi),
     .memory_bytes_per_second = giga(484, kTuringTi),
     .fp32_flops_per_second = tera(11.3, kTuringTi),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(250, kTuringTi),
     .nic_bytes_per_second = nic(10)},
    {.name = "2080ti",
     .full_name = "NVIDIA GeForce RTX 2080 Ti",
     .architecture = "Turing",
     .memory_bytes = gib(11, kTuringTi),
     .memory_bytes_per_second = giga(616, kTuringTi),
     .fp32_flops_per_second = tera(13.4, kTuringTi),
     .fp16_flops_per_second = tera(53.8, kTuringTiSum),
     .int8_ops_per_second = tera(215.2, kTuringTi),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(250, kTuringTi),
     .nic_bytes_per_second = nic(10)},
    {.name = "a10",
     .full_name = "NVIDIA A10",
     .architecture = "Ampere",
     .memory_bytes = gib(24, kA10),
     .memory_bytes_per_second = giga(600, kA10),
     .fp32_flops_per_second = tera(31.2, kA10),
     .tf32_flops_per_second = tera(62.5, kA10),
     .fp16_flops_per_second = tera(125, kA10),
     .bf16_flops_per_second = tera(125, kA10),
     .int8_ops_per_second = tera(250, kA10),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(150, kA10),
     .nic_bytes_per_second = nic(25)},
    {.name = "a100-40g",
     .full_name = "NVIDIA A100 SXM4 40GB",
     .architecture = "Ampere",
     .memory_bytes = gib(40, kA100),
     .memory_bytes_per_second = giga(1555, kA100),
     .fp32_flops_per_second = tera(19.5, kA100),
     .tf32_flops_per_second = tera(156, kA100),
     .fp16_flops_per_second = tera(312, kA100),
     .bf16_flops_per_second = tera(312, kA100),
     .int8_ops_per_second = tera(624, kA100),
     .link = GpuLink::nvlink3,
     .link_bytes_per_second = giga(600, kA100),
     .power_watts = watts(400, kA100),
     .nic_bytes_per_second = nic(200)},
    {.name = "a100-80g",
     .full_name = "NVIDIA A100 SXM4 80GB",
     .architecture = "Ampere",
     .memory_bytes = gib(80, kA100),
     .memory_bytes_per_second = giga(2039, kA100),
     .fp32_flops_per_second = tera(19.5, kA100),
     .tf32_flops_per_second = tera(156, kA100),
     .fp16_flops_per_second = tera(312, kA100),
     .bf16_flops_per_second = tera(312, kA100),
     .int8_ops_per_second = tera(624, kA100),
     .link = GpuLink::nvlink3,
     .link_bytes_per_second = giga(600, kA100),
     .power_watts = watts(400, kA100),
     .nic_bytes_per_second = nic(200)},
    {.name = "a100-80g-pcie",
     .full_name = "NVIDIA A100 PCIe 80GB",
     .architecture = "Ampere",
     .memory_bytes = gib(80, kA100Pcie),
     .memory_bytes_per_second = giga(1935, kA100Pcie),
     .fp32_flops_per_second = tera(19.5, kA100Pcie),
     .tf32_flops_per_second = tera(156, kA100Pcie),
     .fp16_flops_per_second = tera(312, kA100Pcie),
     .bf16_flops_per_second = tera(312, kA100Pcie),
     .int8_ops_per_second = tera(624, kA100Pcie),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(300, kA100Pcie),
     .nic_bytes_per_second = nic(200)},
    {.name = "a30",
     .full_name = "NVIDIA A30",
     .architecture = "Ampere",
     .memory_bytes = gib(24, kA30),
     .memory_bytes_per_second = giga(933, kA30),
     .fp32_flops_per_second = tera(10.3, kA30),
     .tf32_flops_per_second = tera(82, kA30),
     .fp16_flops_per_second = tera(165, kA30),
     .bf16_flops_per_second = tera(165, kA30),
     .int8_ops_per_second = tera(330, kA30),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(165, kA30),
     .nic_bytes_per_second = nic(25)},
    {.name = "a40",
     .full_name = "NVIDIA A40",
     .architecture = "Ampere",
     .memory_bytes = gib(48, kA40),
     .memory_bytes_per_second = giga(696, kA40),
     .fp32_flops_per_second = tera(37.4, kA40),
     .tf32_flops_per_second = tera(74.8, kA40),
     .fp16_flops_per_second = tera(149.7, kA40),
     .bf16_flops_per_second = tera(149.7, kA40),
     .int8_ops_per_second = tera(299.3, kA40),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(300, kA40),
     .nic_bytes_per_second = nic(25)},
    {.name = "b200",
     .full_name = "NVIDIA B200 SXM, HGX",
     .architecture = "Blackwell",
     .memory_bytes = gib(180, kUnsourced),
     .memory_bytes_per_second = giga(8000, kUnsourced),
     .fp32_flops_per_second = tera(80, kUnsourced),
     .tf32_flops_per_second = tera(1100, kUnsourced),
     .fp16_flops_per_second = tera(2250, kUnsourced),
     .bf16_flops_per_second = tera(2250, kUnsourced),
     .fp8_flops_per_second = tera(4500, kUnsourced),
     .int8_ops_per_second = tera(4500, kUnsourced),
     .link = GpuLink::nvlink5,
     .link_bytes_per_second = giga(1800, kUnsourced),
     .power_watts = watts(1000, kUnsourced),
     .nic_bytes_per_second = nic(400)},
    {.name = "h100",
     .full_name = "NVIDIA H100 SXM5 80GB",
     .architecture = "Hopper",
     .memory_bytes = gib(80, kH100),
     .memory_bytes_per_second = giga(3350, kH100),
     .fp32_flops_per_second = tera(67, kH100),
     .tf32_flops_per_second = tera(494.5, kH100Half),
     .fp16_flops_per_second = tera(989.5, kH100Half),
     .bf16_flops_per_second = tera(989.5, kH100Half),
     .fp8_flops_per_second = tera(1979, kH100Half),
     .int8_ops_per_second = tera(1979, kH100Half),
     .link = GpuLink::nvlink4,
     .link_bytes_per_second = giga(900, kH100),
     .power_watts = watts(700, kH100),
     .nic_bytes_per_second = nic(400)},
    {.name = "h100-pcie",
     .full_name = "NVIDIA H100 PCIe 80GB",
     .architecture = "Hopper",
     .memory_bytes = gib(80, kH100Pcie),
     .memory_bytes_per_second = giga(2000, kH100Pcie),
     .fp32_flops_per_second = tera(51, kH100Pcie),
     .tf32_flops_per_second = tera(378, kUnsourced),
     .fp16_flops_per_second = tera(756.5, kH100PcieHalf),
     .bf16_flops_per_second = tera(756.5, kH100PcieHalf),
     .fp8_flops_per_second = tera(1513, kUnsourced),
     .int8_ops_per_second = tera(1513, kUnsourced),
     .link = GpuLink::pcie5,
     .link_bytes_per_second = giga(128, kPcie5),
     .power_watts = watts(350, kH100Pcie),
     .nic_bytes_per_second = nic(400)},
    {.name = "h200",
     .full_name = "NVIDIA H200 SXM5 141GB",
     .architecture = "Hopper",
     .memory_bytes = gib(141, kH200),
     .memory_bytes_per_second = giga(4800, kH200),
     .fp32_flops_per_second = tera(67, kH200),
     .tf32_flops_per_second = tera(494.5, kH200Half),
     .fp16_flops_per_second = tera(989.5, kH200Half),
     .bf16_flops_per_second = tera(989.5, kH200Half),
     .fp8_flops_per_second = tera(1979, kH200Half),
     .int8_ops_per_second = tera(1979, kH200Half),
     .link = GpuLink::nvlink4,
     .link_bytes_per_second = giga(900, kH200),
     .power_watts = watts(700, kH200),
     .nic_bytes_per_second = nic(400)},
    {.name = "k80",
     .full_name = "NVIDIA Tesla K80, one of its two GK210",
     .architecture = "Kepler",
     .memory_bytes = gib(12, kK80),
     .memory_bytes_per_second = giga(240, kK80),
     .fp32_flops_per_second = tera(4.365, kK80),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(150, kK80),
     .nic_bytes_per_second = nic(10)},
    {.name = "l20",
     .full_name = "NVIDIA L20",
     .architecture = "Ada Lovelace",
     .memory_bytes = gib(48, kUnsourced),
     .memory_bytes_per_second = giga(864, kUnsourced),
     .fp32_flops_per_second = tera(59.8, kUnsourced),
     .tf32_flops_per_second = tera(59.8, kUnsourced),
     .fp16_flops_per_second = tera(119.5, kUnsourced),
     .bf16_flops_per_second = tera(119.5, kUnsourced),
     .fp8_flops_per_second = tera(239, kUnsourced),
     .int8_ops_per_second = tera(239, kUnsourced),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(275, kUnsourced),
     .nic_bytes_per_second = nic(100)},
    {.name = "l4",
     .full_name = "NVIDIA L4",
     .architecture = "Ada Lovelace",
     .memory_bytes = gib(24, kL4),
     .memory_bytes_per_second = giga(300, kL4),
     .fp32_flops_per_second = tera(30.3, kL4),
     .tf32_flops_per_second = tera(60, kL4Half),
     .fp16_flops_per_second = tera(121, kL4Half),
     .bf16_flops_per_second = tera(121, kL4Half),
     .fp8_flops_per_second = tera(242.5, kL4Half),
     .int8_ops_per_second = tera(242.5, kL4Half),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(72, kL4),
     .nic_bytes_per_second = nic(25)},
    {.name = "l40s",
     .full_name = "NVIDIA L40S",
     .architecture = "Ada Lovelace",
     .memory_bytes = gib(48, kL40S),
     .memory_bytes_per_second = giga(864, kL40S),
     .fp32_flops_per_second = tera(91.6, kL40S),
     .tf32_flops_per_second = tera(183, kL40S),
     .fp16_flops_per_second = tera(362.05, kL40S),
     .bf16_flops_per_second = tera(362.05, kL40S),
     .fp8_flops_per_second = tera(733, kL40S),
     .int8_ops_per_second = tera(733, kL40S),
     .link = GpuLink::pcie4,
     .link_bytes_per_second = giga(64, kPcie4),
     .power_watts = watts(350, kL40S),
     .nic_bytes_per_second = nic(100)},
    {.name = "p100",
     .full_name = "NVIDIA Tesla P100 PCIe 16GB",
     .architecture = "Pascal",
     .memory_bytes = gib(16, kP100),
     .memory_bytes_per_second = giga(732, kP100),
     .fp32_flops_per_second = tera(9.3, kP100),
     .fp16_flops_per_second = tera(18.7, kP100),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(250, kP100),
     .nic_bytes_per_second = nic(25)},
    {.name = "p100-12g",
     .full_name = "NVIDIA Tesla P100 PCIe 12GB",
     .architecture = "Pascal",
     .memory_bytes = gib(12, kP100),
     .memory_bytes_per_second = giga(549, kP100),
     .fp32_flops_per_second = tera(9.3, kP100),
     .fp16_flops_per_second = tera(18.7, kP100),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(250, kP100),
     .nic_bytes_per_second = nic(25)},
    {.name = "quadro-rtx-6000",
     .full_name = "NVIDIA Quadro RTX 6000",
     .architecture = "Turing",
     .memory_bytes = gib(24, kRtx6000),
     .memory_bytes_per_second = giga(672, kRtx6000),
     .fp32_flops_per_second = tera(16.3, kRtx6000),
     .fp16_flops_per_second = tera(130.5, kRtx6000),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(295, kRtx6000),
     .nic_bytes_per_second = nic(25)},
    {.name = "t4",
     .full_name = "NVIDIA T4",
     .architecture = "Turing",
     .memory_bytes = gib(16, kT4),
     .memory_bytes_per_second = giga(320, kT4),
     .fp32_flops_per_second = tera(8.1, kT4),
     .fp16_flops_per_second = tera(65, kT4),
     .int8_ops_per_second = tera(130, kT4),
     .link = GpuLink::pcie3,
     .link_bytes_per_second = giga(32, kPcie3),
     .power_watts = watts(70, kT4),
     .nic_bytes_per_second = nic(25)},
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
