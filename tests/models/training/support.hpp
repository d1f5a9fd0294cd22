// Models, devices and plans that the tests of training costs share.
#pragma once

#include "models/training/device_costs.hpp"
#include "models/training/plan.hpp"
#include "models/zoo/model_description.hpp"
#include "models/zoo/zoo.hpp"

namespace orrery::test {

/// `layers` equal layers of round numbers: 1 Tflop, 1 GB of weights, 1 MB handed on and reduced.
inline models::ModelDescription plain_model(int layers) {
  models::Layer layer;
  layer.forward_flops = 1e12;
  layer.parameters = 5e8;
  layer.output_bytes = 1e6;
  layer.input_bytes = 1e6;
  layer.kept_replicated_bytes = 1e7;
  layer.kept_sharded_bytes = 4e7;
  layer.all_reduce_bytes = 1e6;
  layer.all_reduces = 2;
  models::ModelDescription model;
  model.name = "plain";
  model.layers.assign(static_cast<std::size_t>(layers), layer);
  return model;
}

/// 100 Tflop/s attained, 1 TB/s of memory, 10 GB/s links and 1 GB/s cards, no latencies.
inline models::DeviceCosts plain_device() {
  models::DeviceCosts device;
  device.memory_bytes = 80e9;
  device.half_flops_per_second = 100e12;
  device.single_flops_per_second = 50e12;
  device.memory_bytes_per_second = 1e12;
  device.in_node = {0, 10e9};
  device.across_nodes = {0, 1e9};
  for (models::KindCosts& kind : device.kinds)
    kind = {.flop_efficiency = 1, .traffic_efficiency = 1};
  return device;
}

/// A plan of equal stages.
inline models::ParallelPlan equal_plan(int layers, int stages, int dp, int tp, int micro_batches) {
  models::ParallelPlan plan;
  plan.micro_batches = micro_batches;
  for (int i = 0; i < stages; ++i)
    plan.stages.push_back({i * layers / stages, layers / stages, dp, tp});
  return plan;
}

}  // namespace orrery::test
