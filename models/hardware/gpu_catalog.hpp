// GPU types as data sheets describe them; measured profiles replace these numbers where a device
// was calibrated.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orrery::models {

/// A number with its origin; `source` is empty when the number is unsourced, and reports say so.
struct Sourced {
  double value = 0;
  std::string_view source;
};

/// How the GPUs of one node reach each other.
enum class GpuLink { pcie3, pcie4, pcie5, nvlink1, nvlink2, nvlink3, nvlink4, nvlink5 };

/// One GPU type. Rates are dense peaks, without sparsity; absent where the device has no such unit.
struct GpuType {
  std::string_view name;       ///< as written in experiments: `a100-80g`
  std::string_view full_name;  ///< "NVIDIA A100 SXM4 80GB"
  std::string_view architecture;
  Sourced memory_bytes;  ///< a data sheet's GB taken as 2^30 bytes
  Sourced memory_bytes_per_second;
  Sourced fp32_flops_per_second;
  std::optional<Sourced> tf32_flops_per_second = {};
  std::optional<Sourced> fp16_flops_per_second = {};
  std::optional<Sourced> bf16_flops_per_second = {};
  std::optional<Sourced> fp8_flops_per_second = {};
  std::optional<Sourced> int8_ops_per_second = {};
  GpuLink link = GpuLink::pcie3;
  Sourced link_bytes_per_second;  ///< per GPU, both directions together, as data sheets count
  Sourced power_watts;
  Sourced nic_bytes_per_second;  ///< of a usual node of this type, per node; usually unsourced
};

/// The whole catalog, sorted by name.
std::span<const GpuType> gpu_catalog();

/// The type of that name or alias (`v100` is refused: it has two memory sizes), or nullptr.
const GpuType* find_gpu(std::string_view name);

/// Names a person may have meant by an unknown one: all memory sizes of a family (`v100` gives
/// `v100-16g` and `v100-32g`), else the nearest name, else nothing.
std::vector<std::string> suggest_gpus(std::string_view name);

}  // namespace orrery::models
