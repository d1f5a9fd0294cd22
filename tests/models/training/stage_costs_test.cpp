// Stage times from a plan: roofline, groups on nodes, transfers, synchronisation.
#include <doctest/doctest.h>

#include "models/training/stage_costs.hpp"
#include "tests/models/training/support.hpp"

using namespace orrery::models;
using orrery::test::equal_plan;
using orrery::test::plain_device;
using orrery::test::plain_model;

TEST_CASE("a layer takes the longer of computing and moving, shared among ranks") {
  const ModelDescription model = plain_model(1);
  DeviceCosts device = plain_device();
  const Layer& layer = model.layers[0];
  CHECK(layer_forward_seconds(device, model, layer, 4, 1) == doctest::Approx(0.04));
  CHECK(layer_forward_seconds(device, model, layer, 4, 4) == doctest::Approx(0.01));
  KindCosts& kind = device.kinds[static_cast<std::size_t>(LayerKind::transformer)];
  kind.layer_seconds = 1;
  CHECK(layer_forward_seconds(device, model, layer, 4, 4) == doctest::Approx(1.01));
  kind.layer_seconds = 0;
  kind.half_flops = 4e12;  // half the rate at this much work
  CHECK(layer_forward_seconds(device, model, layer, 4, 1) == doctest::Approx(0.08));
  kind.half_flops = 0;
  kind.traffic_efficiency = 0.01;  // 1 GB of weights at 10 GB/s
  CHECK(layer_forward_seconds(device, model, layer, 4, 1) == doctest::Approx(0.1));
}

TEST_CASE("groups know the nodes they span and who shares their card") {
  const StageSite site{0, {4, 2}};
  const StagePlan stage{0, 1, 4, 2};
  const GroupShape tensor = tensor_group(stage, site);
  CHECK(tensor.nodes == 1);
  CHECK(tensor.ranks == 2);
  const GroupShape replicas = data_group(stage, site);
  CHECK(replicas.nodes == 4);
  CHECK(replicas.stride == 2);
  CHECK(replicas.rings_per_node == 2);
  CHECK(replicas.allocation_nodes == 4);
  CHECK(replicas.allocation_gpus_per_node == 2);

  const GroupShape wide = tensor_group({0, 1, 2, 4}, site);
  CHECK(wide.nodes == 2);
  CHECK(wide.rings_per_node == 1);
  CHECK(data_group({0, 1, 2, 4}, site).rings_per_node == 2);

  // A stage on half of the nodes is an allocation of its own.
  const GroupShape half = data_group({0, 1, 4, 1}, {4, {4, 2}});
  CHECK(half.nodes == 2);
  CHECK(half.allocation_nodes == 2);
  CHECK(half.ranks_per_node() == 2);
}

TEST_CASE("times of a stage by hand") {
  const ModelDescription model = plain_model(2);
  DeviceCosts device = plain_device();
  ParallelPlan plan = equal_plan(2, 1, 2, 2, 4);
  const StageSite site{0, {1, 4}};
  StageTimes t = stage_times(model, plan.stages[0], site, 4, plan, device);
  CHECK(t.forward_seconds == doctest::Approx(2 * 0.02));
  CHECK(t.backward_seconds == doctest::Approx(2 * 0.04));
  // Two all-reduces of 4 MB over two ranks at 10 GB/s in each of two layers.
  CHECK(t.forward_comm_seconds == doctest::Approx(4 * 4e6 / 10e9));
  CHECK(t.backward_comm_seconds == doctest::Approx(4 * 4e6 / 10e9));
  // Gradients of 2 x 0.5 GB over two replicas.
  CHECK(t.sync_seconds == doctest::Approx(1e9 / 10e9));
  CHECK(t.update_seconds == doctest::Approx(5e8 * 28 / 1e12));

  plan.recompute = Recompute::full;
  t = stage_times(model, plan.stages[0], site, 4, plan, device);
  CHECK(t.backward_seconds == doctest::Approx(2 * 0.06));
  CHECK(t.backward_comm_seconds == doctest::Approx(8 * 4e6 / 10e9));
  device.sync_overlap = 0.75;
  CHECK(stage_times(model, plan.stages[0], site, 4, plan, device).sync_seconds ==
        doctest::Approx(0.25 * 1e9 / 10e9));
}

TEST_CASE("batch statistics cross the replicas at every micro-batch") {
  ModelDescription model = plain_model(1);
  model.layers[0].all_reduces = 0;
  model.layers[0].statistics_all_reduces = 3;
  model.layers[0].statistics_bytes = 30;
  DeviceCosts device = plain_device();
  device.in_node = {1e-3, 1e12};
  const ParallelPlan plan = equal_plan(1, 1, 4, 1, 1);
  const StageTimes t = stage_times(model, plan.stages[0], {0, {1, 4}}, 1, plan, device);
  CHECK(t.forward_comm_seconds == doctest::Approx(3 * 6e-3));
  CHECK(t.backward_comm_seconds == doctest::Approx(3 * 6e-3));
}

TEST_CASE("stages hand on over the card only where they stand on other nodes") {
  const ModelDescription model = plain_model(4);
  const DeviceCosts device = plain_device();
  const ParallelPlan plan = equal_plan(4, 4, 1, 1, 2);
  const auto times = plan_times(model, 16, plan, {2, 2}, device);
  const double bytes = 8 * 1e6;
  CHECK(times[0].send_activations_seconds == doctest::Approx(bytes / 10e9));
  CHECK(times[1].send_activations_seconds == doctest::Approx(bytes / 1e9));
  CHECK(times[2].send_activations_seconds == doctest::Approx(bytes / 10e9));
  CHECK(times[3].send_activations_seconds == 0);
  CHECK(times[0].send_gradients_seconds == 0);
  CHECK(times[2].send_gradients_seconds == times[1].send_activations_seconds);
  // Two GPUs of a node send at once: half the bytes each, over one card.
  const auto wide = plan_times(model, 16, equal_plan(4, 2, 2, 1, 2), {2, 2}, device);
  CHECK(wide[0].send_activations_seconds == doctest::Approx(bytes / 1e9));
}
