#include "models/training/device_costs_file.hpp"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "models/base/csv.hpp"
#include "models/base/numbers.hpp"

namespace orrery::models {

namespace {

constexpr std::array<std::pair<std::string_view, double DeviceCosts::*>, 13> kDeviceFields{{
    {"memory_bytes", &DeviceCosts::memory_bytes},
    {"usable_memory_fraction", &DeviceCosts::usable_memory_fraction},
    {"half_flops_per_second", &DeviceCosts::half_flops_per_second},
    {"single_flops_per_second", &DeviceCosts::single_flops_per_second},
    {"memory_bytes_per_second", &DeviceCosts::memory_bytes_per_second},
    {"intra_stage_factor", &DeviceCosts::intra_stage_factor},
    {"sync_factor", &DeviceCosts::sync_factor},
    {"sync_overlap", &DeviceCosts::sync_overlap},
    {"update_bytes_per_parameter", &DeviceCosts::update_bytes_per_parameter},
    {"iteration_seconds", &DeviceCosts::iteration_seconds},
    {"send_seconds", &DeviceCosts::send_seconds},
    {"node_slowdown", &DeviceCosts::node_slowdown},
    {"runtime_memory_bytes", &DeviceCosts::runtime_memory_bytes},
}};

constexpr std::array<std::pair<std::string_view, LinkCosts DeviceCosts::*>, 2> kLinks{{
    {"in_node", &DeviceCosts::in_node},
    {"across_nodes", &DeviceCosts::across_nodes},
}};

constexpr std::array<std::pair<std::string_view, double LinkCosts::*>, 2> kLinkFields{{
    {"alpha_seconds", &LinkCosts::alpha_seconds},
    {"bytes_per_second", &LinkCosts::bytes_per_second},
}};

constexpr std::array<std::string_view, kLayerKinds> kKinds{
    "embedding", "transformer", "mixture_of_experts", "convolution", "head"};

constexpr std::array<std::pair<std::string_view, double KindCosts::*>, 10> kKindFields{{
    {"flop_efficiency", &KindCosts::flop_efficiency},
    {"traffic_efficiency", &KindCosts::traffic_efficiency},
    {"half_flops", &KindCosts::half_flops},
    {"half_samples", &KindCosts::half_samples},
    {"layer_seconds", &KindCosts::layer_seconds},
    {"least_layer_seconds", &KindCosts::least_layer_seconds},
    {"traffic_overlap", &KindCosts::traffic_overlap},
    {"replicated_traffic", &KindCosts::replicated_traffic},
    {"backward_ratio", &KindCosts::backward_ratio},
    {"tp_efficiency_per_doubling", &KindCosts::tp_efficiency_per_doubling},
}};

/// Calls `use(name, value)` for every number of a device's costs.
void for_each_field(DeviceCosts& device,
                    const std::function<void(const std::string& name, double& value)>& use) {
  for (const auto& [name, field] : kDeviceFields) use(std::string(name), device.*field);
  for (const auto& [link, costs] : kLinks)
    for (const auto& [name, field] : kLinkFields)
      use(fmt::format("{}.{}", link, name), device.*costs.*field);
  for (std::size_t kind = 0; kind < kLayerKinds; ++kind)
    for (const auto& [name, field] : kKindFields)
      use(fmt::format("{}.{}", kKinds[kind], name), device.kinds[kind].*field);
}

double read_value(const base::CsvReader& reader, std::size_t column) {
  const auto value = base::parse_double(reader[column]);
  constexpr double kLargest = 1e30;
  if (!value || *value < 0 || *value > kLargest) {
    throw base::Error(reader.where(column),
                      fmt::format("found '{}', expected a number from 0 to 1e30", reader[column]));
  }
  return *value;
}

}  // namespace

std::string device_costs_csv(const std::vector<DeviceCosts>& devices) {
  base::CsvWriter csv({"gpu_type", "field", "value"});
  for (DeviceCosts device : devices) {
    csv.field(device.gpu_type).field("source").field(device.source);
    csv.end_row();
    for_each_field(device, [&](const std::string& name, double value) {
      csv.field(device.gpu_type).field(name).field(value);
      csv.end_row();
    });
  }
  return csv.text();
}

DeviceCostsByType read_device_costs(const std::string& path) {
  base::CsvReader reader(path);
  const std::size_t gpu_type = reader.column("gpu_type");
  const std::size_t field = reader.column("field");
  const std::size_t value = reader.column("value");
  DeviceCostsByType devices;
  std::set<std::pair<std::string, std::string>> seen;
  while (reader.next()) {
    const GpuType* gpu = find_gpu(reader[gpu_type]);
    if (gpu == nullptr) {
      throw base::Error(reader.where(gpu_type), fmt::format("found '{}', expected a GPU type of "
                                                            "the catalog",
                                                            reader[gpu_type]));
    }
    const std::string wanted(reader[field]);
    if (!seen.emplace(gpu->name, wanted).second)
      throw base::Error(reader.where(field),
                        fmt::format("{} of {} stands twice", wanted, gpu->name));
    DeviceCosts& device =
        devices.try_emplace(std::string(gpu->name), data_sheet_costs(*gpu)).first->second;
    device.calibrated = true;
    bool known = wanted == "source";
    if (known) device.source = reader[value];
    for_each_field(device, [&](const std::string& name, double& number) {
      if (name != wanted) return;
      number = read_value(reader, value);
      known = true;
    });
    if (!known)
      throw base::Error(reader.where(field),
                        fmt::format("found '{}', expected a field of device costs", wanted));
  }
  if (devices.empty())
    throw base::Error({path, 0, 0, ""}, "has no row, expected fitted costs of some GPU type");
  return devices;
}

DeviceCosts device_costs(const GpuType& gpu, const DeviceCostsByType& fitted) {
  const auto found = fitted.find(gpu.name);
  return found == fitted.end() ? data_sheet_costs(gpu) : found->second;
}

}  // namespace orrery::models
