// The parts of a layer's time and of an iteration that fits use.
#include <doctest/doctest.h>

#include "models/training/iteration_time.hpp"
#include "models/training/stage_costs.hpp"
#include "tests/models/training/support.hpp"

using namespace orrery::models;
using orrery::test::plain_device;
using orrery::test::plain_model;

TEST_CASE("light kernels add to heavy ones as far as they do not overlap") {
  const ModelDescription model = plain_model(1);
  DeviceCosts device = plain_device();
  KindCosts& kind = device.kinds[static_cast<std::size_t>(LayerKind::transformer)];
  kind.traffic_efficiency = 0.1;  // 1 GB of weights at 100 GB/s: 10 ms beside 40 of computing
  const auto seconds = [&] { return layer_forward_seconds(device, model, model.layers[0], 4, 1); };
  CHECK(seconds() == doctest::Approx(0.04));
  kind.traffic_overlap = 0;
  CHECK(seconds() == doctest::Approx(0.05));
  kind.traffic_overlap = 0.5;
  CHECK(seconds() == doctest::Approx(0.045));
}

TEST_CASE("few samples lose efficiency, and the host bounds short layers") {
  const ModelDescription model = plain_model(1);
  DeviceCosts device = plain_device();
  KindCosts& kind = device.kinds[static_cast<std::size_t>(LayerKind::transformer)];
  const auto seconds = [&](double samples) {
    return layer_forward_seconds(device, model, model.layers[0], samples, 1);
  };
  kind.half_samples = 4;
  CHECK(seconds(4) == doctest::Approx(0.08));
  CHECK(seconds(400) == doctest::Approx(4.04));
  kind.half_samples = 0;
  kind.least_layer_seconds = 1;
  CHECK(seconds(4) == doctest::Approx(1));
  CHECK(seconds(400) == doctest::Approx(4));
}

TEST_CASE("replicated traffic is divided under sequence parallelism alone") {
  ModelDescription model = plain_model(1);
  Layer& layer = model.layers[0];
  layer.forward_flops = 0;
  layer.parameters = 0;
  layer.traffic_bytes = 1e9;  // a second for a thousand samples
  DeviceCosts device = plain_device();
  device.kinds[static_cast<std::size_t>(LayerKind::transformer)].replicated_traffic = 0.2;
  CHECK(layer_forward_seconds(device, model, layer, 1000, 1) == doctest::Approx(1));
  CHECK(layer_forward_seconds(device, model, layer, 1000, 4) == doctest::Approx(0.4));
  CHECK(layer_forward_seconds(device, model, layer, 1000, 4, true) == doctest::Approx(0.25));
}

TEST_CASE("host work of transfers and the slowdown of nodes add up") {
  const std::vector<StageTimes> two(2, {.forward_seconds = 1, .backward_seconds = 2});
  const IterationForm plain{.micro_batches = 4};
  const double alone = iteration_time(two, plain).total_seconds;
  CHECK(alone == doctest::Approx(5 * 3));
  IterationForm form = plain;
  form.send_seconds = 0.5;
  const TimeBreakdown hosted = iteration_time(two, form);
  CHECK(hosted.total_seconds == doctest::Approx(5 * 4));
  CHECK(hosted.inter_stage_seconds == doctest::Approx(4));
  form.slowdown = 0.1;
  const TimeBreakdown slow = iteration_time(two, form);
  CHECK(slow.total_seconds == doctest::Approx(22));
  CHECK(slow.overhead_seconds == doctest::Approx(2));
  CHECK(slow.compute_seconds + slow.intra_stage_seconds + slow.inter_stage_seconds +
            slow.sync_seconds + slow.bubble_seconds + slow.overhead_seconds ==
        doctest::Approx(slow.total_seconds));
  // One stage sends nothing.
  CHECK(iteration_time(std::span(two).first(1), {.micro_batches = 4, .send_seconds = 0.5})
            .total_seconds == doctest::Approx(12));
}
