#include "models/training/device_costs.hpp"

namespace orrery::models {

namespace {

// What links and cards attain of their rates, and what a step costs: ours, of the order of what
// collective libraries reach.
constexpr double kNvlinkShare = 0.65;
constexpr double kPcieShare = 0.45;
constexpr double kCardShare = 0.9;
constexpr double kAlphaInNode = 1e-5;
constexpr double kAlphaAcross = 3e-5;
constexpr double kUnmeasuredLayerSeconds = 2e-4;

double link_share(GpuLink link) {
  switch (link) {
    case GpuLink::pcie3:
    case GpuLink::pcie4:
    case GpuLink::pcie5:
      return kPcieShare;
    default:
      return kNvlinkShare;
  }
}

}  // namespace

DeviceCosts data_sheet_costs(const GpuType& gpu) {
  DeviceCosts costs;
  costs.gpu_type = gpu.name;
  costs.memory_bytes = gpu.memory_bytes.value;
  // Without tf32, although devices have it: 4-byte models of the artifact run at plain rates.
  costs.single_flops_per_second = gpu.fp32_flops_per_second.value;
  costs.half_flops_per_second =
      (gpu.fp16_flops_per_second ? *gpu.fp16_flops_per_second : gpu.fp32_flops_per_second).value;
  costs.memory_bytes_per_second = gpu.memory_bytes_per_second.value;
  for (KindCosts& kind : costs.kinds) kind.layer_seconds = kUnmeasuredLayerSeconds;
  // Data sheets count both directions together.
  costs.in_node = {kAlphaInNode, gpu.link_bytes_per_second.value / 2 * link_share(gpu.link)};
  costs.across_nodes = {kAlphaAcross, gpu.nic_bytes_per_second.value * kCardShare};
  constexpr double kElementBytes = 2;
  costs.products = std::make_shared<const ProductPrices>(data_sheet_machine(gpu), kElementBytes,
                                                         costs.half_flops_per_second, false);
  return costs;
}

void use_measured_collectives(DeviceCosts& costs, const CollectiveTable* table) {
  costs.measured = table;
  if (table == nullptr) return;
  if (const auto link = table->link(false)) costs.in_node = *link;
  if (const auto link = table->link(true)) costs.across_nodes = *link;
}

double peak_flops_per_second(const DeviceCosts& device, const ModelDescription& model) {
  return model.bytes_per_element > 2 ? device.single_flops_per_second
                                     : device.half_flops_per_second;
}

double collective_seconds(const DeviceCosts& device, CollectiveOp op, const GroupShape& group,
                          double bytes) {
  if (group.ranks <= 1 || bytes <= 0) return 0;
  if (device.measured != nullptr) {
    // Pairs were measured one at a time; several at once share the card.
    const bool card = op == CollectiveOp::send && group.nodes > 1;
    const double counted = card ? bytes * group.rings_per_node : bytes;
    if (const auto seconds = device.measured->seconds(op, group, counted)) return *seconds;
  }
  return alpha_beta_seconds(op, group, bytes, device.in_node, device.across_nodes);
}

}  // namespace orrery::models
