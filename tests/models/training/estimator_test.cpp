// The Cell estimator: what it finds, in which order, and how it must move.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "models/base/random.hpp"
#include "models/training/comm_volume.hpp"
#include "models/training/estimated_throughput.hpp"
#include "models/training/estimator.hpp"
#include "models/training/stage_costs.hpp"
#include "tests/models/training/support.hpp"

using namespace orrery::models;
using orrery::test::plain_device;
using orrery::test::plain_model;

namespace {

DeviceCosts a40() {
  const GpuType* gpu = find_gpu("a40");
  REQUIRE(gpu != nullptr);
  return data_sheet_costs(*gpu);
}

const ModelDescription& zoo_model(const char* name) {
  const ModelDescription* found = find_model(name);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("plans come best first, cover the model and use all GPUs") {
  for (const char* name : {"bert__1.3B", "wide_resnet__1B", "moe__2.4B"}) {
    const ModelDescription& model = zoo_model(name);
    const CellEstimate found = estimate(model, 256, a40(), {4, 2}, usual_options(model));
    CAPTURE(name);
    REQUIRE(found.feasible());
    double before = 0;
    std::set<std::size_t> stage_counts;
    for (const PlanEstimate& e : found.plans) {
      CHECK(e.time.total_seconds >= before);
      before = e.time.total_seconds;
      CHECK(e.plan.gpus() == 8);
      int next = 0;
      for (const StagePlan& stage : e.plan.stages) {
        CHECK(stage.first_layer == next);
        next += stage.layers;
      }
      CHECK(next == static_cast<int>(model.layers.size()));
      CHECK(e.memory.size() == e.plan.stages.size());
      CHECK(e.peak_memory_bytes <= 0.8 * 48 * 1024.0 * 1024 * 1024);
      stage_counts.insert(e.plan.stages.size());
    }
    CHECK(stage_counts == std::set<std::size_t>{1, 2, 4, 8});
    CHECK(found.plans.size() <= 64 + 4);
    CHECK(found.feasible_plans >= found.plans.size());
    CHECK_FALSE(found.calibrated);
  }
}

TEST_CASE("an estimate is the closed form of its own plan") {
  const ModelDescription& model = zoo_model("bert__2.6B");
  const DeviceCosts device = a40();
  const Locality locality{4, 2};
  const CellEstimate found = estimate(model, 128, device, locality, usual_options(model));
  REQUIRE(found.feasible());
  for (const PlanEstimate& e : found.plans) {
    CAPTURE(to_string(e.plan));
    const auto times = plan_times(model, 128, e.plan, locality, device);
    CHECK(iteration_time(times, {.micro_batches = 16}).total_seconds ==
          doctest::Approx(e.time.total_seconds).epsilon(1e-12));
    for (std::size_t i = 0; i < e.memory.size(); ++i)
      CHECK(
          stage_memory(model, 128, e.plan, static_cast<int>(i), adam_bytes(model)).total_bytes() ==
          e.memory[i].total_bytes());
  }
}

TEST_CASE("the same question has the same answer") {
  const ModelDescription& model = zoo_model("moe__1.3B");
  const CellEstimate first = estimate(model, 256, a40(), {2, 2}, usual_options(model));
  const CellEstimate second = estimate(model, 256, a40(), {2, 2}, usual_options(model));
  REQUIRE(first.plans.size() == second.plans.size());
  for (std::size_t i = 0; i < first.plans.size(); ++i) {
    CHECK(first.plans[i].plan == second.plans[i].plan);
    CHECK(first.plans[i].time.total_seconds == second.plans[i].time.total_seconds);
  }
}

TEST_CASE("faster devices, faster links and more memory never estimate slower") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    orrery::base::RandomStream random(seed, "estimates");
    CAPTURE(seed);
    const ModelDescription model = plain_model(4 + static_cast<int>(random.below(12)));
    DeviceCosts device = plain_device();
    device.memory_bytes = 30e9 + 60e9 * random.uniform();
    device.across_nodes.bytes_per_second = 1e8 + 1e10 * random.uniform();
    const Locality locality{1 << random.below(3), 1 << random.below(3)};
    EstimatorOptions options;
    options.micro_batches = 1 << random.below(5);
    const double seconds = estimate(model, 64, device, locality, options).iteration_seconds();
    DeviceCosts better = device;
    better.half_flops_per_second *= 1.5;
    CHECK(estimate(model, 64, better, locality, options).iteration_seconds() <= seconds);
    better = device;
    better.across_nodes.bytes_per_second *= 2;
    CHECK(estimate(model, 64, better, locality, options).iteration_seconds() <=
          seconds * (1 + 1e-12));
    better = device;
    better.memory_bytes *= 2;
    CHECK(estimate(model, 64, better, locality, options).iteration_seconds() <= seconds);
  }
}

TEST_CASE("a restriction never makes the best plan better") {
  const ModelDescription& model = zoo_model("bert__1.3B");
  EstimatorOptions options = usual_options(model);
  const double free = estimate(model, 128, a40(), {2, 2}, options).iteration_seconds();
  options.mixed_shapes = false;
  const double same = estimate(model, 128, a40(), {2, 2}, options).iteration_seconds();
  CHECK(same >= free);
  options.data_parallel_only = true;
  const CellEstimate dp = estimate(model, 128, a40(), {2, 2}, options);
  CHECK(dp.iteration_seconds() >= free);
  REQUIRE(dp.plans.size() == 1);
  CHECK(dp.plans[0].plan.stages == std::vector<StagePlan>{{0, 26, 4, 1}});
}

TEST_CASE("what does not fit is counted with its reason") {
  const ModelDescription& model = zoo_model("bert__39B");
  const CellEstimate found = estimate(model, 128, a40(), {1, 2}, usual_options(model));
  CHECK_FALSE(found.feasible());
  CHECK(std::isinf(found.iteration_seconds()));
  CHECK(found.infeasible.out_of_memory > 0);
  CHECK(found.infeasible.least_memory_bytes > 48e9);
  // Sixteen micro-batches of one sample each leave nothing to split.
  const CellEstimate narrow =
      estimate(zoo_model("bert__760M"), 16, a40(), {2, 2}, usual_options(model));
  CHECK(narrow.infeasible.batch_too_small > 0);
  for (const PlanEstimate& e : narrow.plans)
    for (const StagePlan& stage : e.plan.stages) CHECK(stage.dp == 1);
}

TEST_CASE("a batch smaller than its micro-batches is cut less often") {
  const CellEstimate found = estimate(plain_model(4), 4, plain_device(), {1, 1}, {});
  REQUIRE(found.feasible());
  CHECK(found.plans[0].plan.micro_batches == 4);
}

TEST_CASE("each Cell has its greedy proxy plan") {
  const ModelDescription model = plain_model(8);
  const StagePlan stage{0, 8, 4, 1};
  // 8 GB of weights against 16 MB of activations: fewer replicas move less.
  CHECK(proxy_shape(model, stage, 4, nullptr) == StagePlan{0, 8, 1, 4});
  ModelDescription light = model;
  for (Layer& layer : light.layers) layer.parameters = 1;
  CHECK(proxy_shape(light, stage, 4, nullptr) == StagePlan{0, 8, 4, 1});
  CHECK(proxy_shape(light, stage, 2, nullptr) == StagePlan{0, 8, 2, 2});
  const CellEstimate found = estimate(model, 64, plain_device(), {1, 4}, {});
  CHECK(std::any_of(found.plans.begin(), found.plans.end(),
                    [](const PlanEstimate& e) { return e.proxy; }));
}

TEST_CASE("all Cells of an allocation take far less than 10 ms") {
  const ModelDescription& model = zoo_model("bert__39B");
  const DeviceCosts device = a40();
  const auto begun = std::chrono::steady_clock::now();
  constexpr int kTimes = 20;
  std::size_t plans = 0;
  for (int i = 0; i < kTimes; ++i)
    plans += estimate(model, 128, device, {8, 2}, usual_options(model)).infeasible.total() > 0;
  const double ms =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count() * 1e3 /
      kTimes;
  CHECK(plans == kTimes);
  MESSAGE("one estimate: " << ms << " ms");
  CHECK(ms < 100);  // sanitizers and a loaded machine included
}

TEST_CASE("the estimator answers where throughputs are asked for") {
  DeviceCostsByType devices;
  devices["a40"] = a40();
  const EstimatedThroughput source(std::move(devices));
  const Throughput found = source.of({"bert__1.3B", 128}, {"a40", 2}, {2, 2});
  REQUIRE(found.feasible());
  CHECK(found.origin == ThroughputOrigin::estimated);
  CHECK(found.samples_per_second == doctest::Approx(128 / found.iteration_seconds));
  CHECK_FALSE(source.of({"bert__1.3B", 128}, {"a10", 2}, {2, 2}).feasible());
  CHECK_FALSE(source.of({"zebra", 128}, {"a40", 2}, {2, 2}).feasible());
  CHECK_FALSE(source.of({"bert__1.3B", 0}, {"a40", 2}, {2, 2}).feasible());
  CHECK_FALSE(source.of({"bert__1.3B", 128}, {"a40", 2}, {3, 2}).feasible());
  CHECK_FALSE(source.of({"bert__39B", 128}, {"a40", 2}, {1, 1}).feasible());
}
