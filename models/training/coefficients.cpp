#include "models/training/coefficients.hpp"

#include <optional>
#include <string>
#include <utility>

namespace orrery::models {

namespace {

// Where a fit starts (ours). Only the first two differ by device afterwards.
constexpr double kHalfEfficiency = 0.55;
constexpr double kSingleEfficiency = 0.5;
constexpr double kTrafficEfficiency = 0.5;
constexpr double kReplicatedTraffic = 0.25;
constexpr double kConvolutionHalfSamples = 3;
constexpr double kFirstLayerSeconds = 1e-4;
constexpr double kTensorParallelLoss = 0.05;
constexpr double kAlphaSeconds = 2e-5;
constexpr double kSendSeconds = 5e-4;
constexpr double kNodeSlowdown = 0.05;
constexpr double kMegatronLayerSeconds = 1e-4;
constexpr double kMegatronIssueSeconds = 8e-4;
// 10 of 34 + 5 a q / h parts of a layer's activations are replicated (arXiv 2205.05198, table 2):
// 7 to 9 % at the sizes of that paper.
constexpr double kMegatronReplicatedTraffic = 0.08;
constexpr double kCardsPerNode = 8;
constexpr double kIterationSeconds = 5e-3;
constexpr double kSyncFactor = 2;
// The fullest GPU of optimal_iter_time_h100_l20.csv holds 65.3 of 80 GiB, more than XLA's 0.8.
constexpr double kUsableMemory = 0.9;

KindCosts& kind(DeviceCosts& device, LayerKind of) {
  return device.kinds[static_cast<std::size_t>(of)];
}

/// Share of the data sheet's fp32 rate that plain kernels can reach at all.
double fp32_share(const GpuType& gpu) {
  if (gpu.architecture == "Ada Lovelace" || gpu.architecture == "Hopper") return 0.5;
  // GA102 counts its second pipe, GA100 has none.
  const bool small_ampere = gpu.name == "a10" || gpu.name == "a40";
  return small_ampere ? 0.5 : 1;
}

/// What a ring all-reduce of that shape moves per second on the slowest link.
std::optional<double> bus_rate(const CollectiveTable& measured, int nodes, int gpus_per_node) {
  constexpr double kBytes = 1 << 28;
  const int ranks = nodes * gpus_per_node;
  const CollectiveKey key{CollectiveOp::all_reduce, nodes, gpus_per_node, ranks, 1};
  const auto seconds = measured.seconds(key, kBytes);
  if (ranks < 2 || !seconds) return std::nullopt;
  return 2.0 * (ranks - 1) / ranks * kBytes / *seconds;
}

using Scale = std::function<void(DeviceCosts&, double)>;

Coefficient coefficient(std::string name, std::vector<std::size_t> devices, double deviation,
                        Scale scale) {
  return {std::move(name), std::move(devices), deviation, std::move(scale)};
}

}  // namespace

DeviceCosts calibration_prior(const GpuType& gpu) {
  DeviceCosts device = data_sheet_costs(gpu);
  device.single_flops_per_second = gpu.fp32_flops_per_second.value * fp32_share(gpu);
  device.usable_memory_fraction = kUsableMemory;
  for (KindCosts& costs : device.kinds) {
    costs.flop_efficiency = kHalfEfficiency;
    costs.traffic_efficiency = kTrafficEfficiency;
    costs.traffic_overlap = 0;
    costs.replicated_traffic = kReplicatedTraffic;
    costs.layer_seconds = kFirstLayerSeconds;
    costs.tp_efficiency_per_doubling = 1 / (1 + kTensorParallelLoss);
  }
  kind(device, LayerKind::convolution).flop_efficiency = kSingleEfficiency;
  kind(device, LayerKind::convolution).half_samples = kConvolutionHalfSamples;
  device.in_node.alpha_seconds = kAlphaSeconds;
  device.across_nodes.alpha_seconds = kAlphaSeconds;
  device.sync_factor = kSyncFactor;
  device.send_seconds = kSendSeconds;
  device.node_slowdown = kNodeSlowdown;
  return device;
}

DeviceCosts megatron_prior(const GpuType& gpu) {
  DeviceCosts device = calibration_prior(gpu);
  for (KindCosts& costs : device.kinds) {
    costs.layer_seconds = 0;
    costs.tp_efficiency_per_doubling = 1;
    costs.replicated_traffic = kMegatronReplicatedTraffic;
  }
  kind(device, LayerKind::transformer).layer_seconds = kMegatronLayerSeconds;
  kind(device, LayerKind::transformer).least_layer_seconds = kMegatronIssueSeconds;
  device.across_nodes.bytes_per_second = device.across_nodes.bytes_per_second * kCardsPerNode;
  device.sync_factor = 1;
  device.node_slowdown = 0;
  device.iteration_seconds = kIterationSeconds;
  return device;
}

void take_links(DeviceCosts& device, const CollectiveTable& measured) {
  for (const int gpus : {2, 4, 8, 16})
    if (const auto rate = bus_rate(measured, 1, gpus)) device.in_node.bytes_per_second = *rate;
  for (const int gpus : {1, 2, 4, 8, 16})
    if (const auto rate = bus_rate(measured, 2, gpus)) device.across_nodes.bytes_per_second = *rate;
}

std::vector<Coefficient> searched_plan_coefficients(const std::vector<DeviceCosts>& devices) {
  std::vector<Coefficient> all;
  std::vector<std::size_t> every;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    every.push_back(i);
    const std::string of = devices[i].gpu_type;
    all.push_back(coefficient("2-byte rate " + of, {i}, 0.4, [](DeviceCosts& d, double f) {
      for (const LayerKind k : {LayerKind::embedding, LayerKind::transformer,
                                LayerKind::mixture_of_experts, LayerKind::head})
        kind(d, k).flop_efficiency *= f;
    }));
    all.push_back(coefficient("4-byte rate " + of, {i}, 0.4, [](DeviceCosts& d, double f) {
      kind(d, LayerKind::convolution).flop_efficiency *= f;
    }));
    all.push_back(coefficient("link in node " + of, {i}, 0.5,
                              [](DeviceCosts& d, double f) { d.in_node.bytes_per_second *= f; }));
    all.push_back(coefficient("link across nodes " + of, {i}, 0.5, [](DeviceCosts& d, double f) {
      d.across_nodes.bytes_per_second *= f;
    }));
    all.push_back(coefficient("traffic " + of, {i}, 0.2, [](DeviceCosts& d, double f) {
      for (KindCosts& costs : d.kinds) costs.traffic_efficiency *= f;
    }));
    all.push_back(coefficient("synchronisation " + of, {i}, 1.5,
                              [](DeviceCosts& d, double f) { d.sync_factor *= f; }));
  }
  all.push_back(coefficient("traffic", every, 0.4, [](DeviceCosts& d, double f) {
    for (KindCosts& costs : d.kinds) costs.traffic_efficiency *= f;
  }));
  all.push_back(coefficient("half samples", every, 0.7, [](DeviceCosts& d, double f) {
    kind(d, LayerKind::convolution).half_samples *= f;
  }));
  all.push_back(coefficient("layer launch", every, 0.7, [](DeviceCosts& d, double f) {
    for (KindCosts& costs : d.kinds) costs.layer_seconds *= f;
  }));
  all.push_back(coefficient("step of a ring", every, 0.7, [](DeviceCosts& d, double f) {
    d.in_node.alpha_seconds *= f;
    d.across_nodes.alpha_seconds *= f;
  }));
  all.push_back(coefficient("slowdown per node", every, 0.7,
                            [](DeviceCosts& d, double f) { d.node_slowdown *= f; }));
  all.push_back(
      coefficient("transfer", every, 0.7, [](DeviceCosts& d, double f) { d.send_seconds *= f; }));
  all.push_back(coefficient("tensor-parallel loss", every, 0.7, [](DeviceCosts& d, double f) {
    for (KindCosts& costs : d.kinds)
      costs.tp_efficiency_per_doubling = 1 / (1 + (1 / costs.tp_efficiency_per_doubling - 1) * f);
  }));
  return all;
}

std::vector<Coefficient> megatron_coefficients() {
  const auto of_layers = [](double KindCosts::*field) {
    return [field](DeviceCosts& d, double f) { kind(d, LayerKind::transformer).*field *= f; };
  };
  return {
      coefficient("rate of layers", {0}, 0.5, of_layers(&KindCosts::flop_efficiency)),
      coefficient("traffic of layers", {0}, 0.5, of_layers(&KindCosts::traffic_efficiency)),
      coefficient("launch of a layer", {0}, 1, of_layers(&KindCosts::layer_seconds)),
      coefficient("issue of a layer", {0}, 1, of_layers(&KindCosts::least_layer_seconds)),
      coefficient("rate of the head", {0}, 0.5,
                  [](DeviceCosts& d, double f) {
                    kind(d, LayerKind::head).flop_efficiency *= f;
                    kind(d, LayerKind::head).traffic_efficiency *= f;
                  }),
      coefficient("link in node", {0}, 0.5,
                  [](DeviceCosts& d, double f) { d.in_node.bytes_per_second *= f; }),
      coefficient("link across nodes", {0}, 0.5,
                  [](DeviceCosts& d, double f) { d.across_nodes.bytes_per_second *= f; }),
      coefficient("step of a ring", {0}, 1,
                  [](DeviceCosts& d, double f) {
                    d.in_node.alpha_seconds *= f;
                    d.across_nodes.alpha_seconds *= f;
                  }),
      coefficient("synchronisation", {0}, 1, [](DeviceCosts& d, double f) { d.sync_factor *= f; }),
      coefficient("optimizer step", {0}, 1,
                  [](DeviceCosts& d, double f) { d.update_bytes_per_parameter *= f; }),
      coefficient("transfer", {0}, 1, [](DeviceCosts& d, double f) { d.send_seconds *= f; }),
      coefficient("iteration", {0}, 1, [](DeviceCosts& d, double f) { d.iteration_seconds *= f; }),
  };
}

}  // namespace orrery::models
