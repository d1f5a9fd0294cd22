// The closed form of an iteration against hand-worked numbers and against the event simulation.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/base/random.hpp"
#include "models/training/pipeline_simulation.hpp"

using namespace orrery::models;
using orrery::base::RandomStream;

namespace {

/// A stage by its own figures; the first sends no gradients, the last no activations.
std::vector<StageTimes> equal_stages(const StageTimes& stage, std::size_t count) {
  std::vector<StageTimes> stages(count, stage);
  stages.front().send_gradients_seconds = 0;
  stages.back().send_activations_seconds = 0;
  return stages;
}

StageTimes random_stage(RandomStream& random, double most_transfer) {
  StageTimes t;
  t.forward_seconds = 0.1 + random.uniform();
  t.backward_seconds = 0.1 + 2 * random.uniform();
  t.forward_comm_seconds = 0.5 * random.uniform();
  t.backward_comm_seconds = 0.5 * random.uniform();
  t.send_activations_seconds = most_transfer * random.uniform();
  t.send_gradients_seconds = most_transfer * random.uniform();
  t.sync_seconds = random.uniform();
  t.update_seconds = 0.1 * random.uniform();
  return t;
}

double parts(const TimeBreakdown& t) {
  return t.compute_seconds + t.intra_stage_seconds + t.inter_stage_seconds + t.sync_seconds +
         t.bubble_seconds + t.overhead_seconds;
}

}  // namespace

TEST_CASE("two unequal stages by hand") {
  std::vector<StageTimes> stages(2);
  stages[0] = {.forward_seconds = 1,
               .backward_seconds = 2,
               .forward_comm_seconds = 0.5,
               .backward_comm_seconds = 0.5,
               .send_activations_seconds = 0.25,
               .sync_seconds = 3,
               .update_seconds = 0.125};
  stages[1] = {.forward_seconds = 3,
               .backward_seconds = 4,
               .send_gradients_seconds = 0.5,
               .sync_seconds = 1,
               .update_seconds = 0.25};
  IterationForm form{.micro_batches = 4, .overhead_seconds = 10};
  const TimeBreakdown t = iteration_time(stages, form);
  // forward 3*3 + 4.5, sends 3*0.25 + 0.25, backward 3*4 + 6.5, sends 3*0.5 + 0.5
  const double passes = 13.5 + 1 + 18.5 + 2;
  CHECK(t.total_seconds == doctest::Approx(passes + 3 + 0.25 + 10));
  CHECK(t.compute_seconds == doctest::Approx(4 * 7 + 0.25));
  CHECK(t.inter_stage_seconds == doctest::Approx(3));
  CHECK(t.bubble_seconds == doctest::Approx(4));
  CHECK(t.sync_seconds == 3);
  form.serial_sync = true;
  CHECK(iteration_time(stages, form).sync_seconds == 4);
}

TEST_CASE("one stage has no bubble") {
  const std::vector<StageTimes> stages{{.forward_seconds = 1, .backward_seconds = 2}};
  const TimeBreakdown t = iteration_time(stages, {.micro_batches = 8});
  CHECK(t.total_seconds == 24);
  CHECK(t.bubble_seconds == 0);
}

TEST_CASE("equal stages take (B + s - 1) times one stage, interleaving divides the bubble") {
  const auto stages = equal_stages({.forward_seconds = 1, .backward_seconds = 2}, 4);
  CHECK(iteration_time(stages, {.micro_batches = 8}).total_seconds == doctest::Approx(33));
  CHECK(iteration_time(stages, {.micro_batches = 8, .interleave = 3}).total_seconds ==
        doctest::Approx(24 + 3));
}

TEST_CASE("overlapped transfers hide behind work that is longer") {
  auto stages = equal_stages({.forward_seconds = 1,
                              .backward_seconds = 2,
                              .send_activations_seconds = 0.5,
                              .send_gradients_seconds = 0.5},
                             4);
  IterationForm form{.micro_batches = 8, .overlap_transfers = true};
  CHECK(iteration_time(stages, form).inter_stage_seconds == 0);
  for (auto& stage : stages) stage.send_activations_seconds = 1.5;
  CHECK(iteration_time(stages, form).inter_stage_seconds == doctest::Approx(8 * 0.5 + 2 * 0.5));
}

TEST_CASE("the parts add up to the total and nothing is negative") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    RandomStream random(seed, "breakdown");
    CAPTURE(seed);
    std::vector<StageTimes> stages;
    for (std::uint64_t i = 0; i <= random.below(8); ++i) stages.push_back(random_stage(random, 1));
    const IterationForm form{.micro_batches = 1 + static_cast<int>(random.below(32)),
                             .overlap_transfers = random.below(2) == 0,
                             .serial_sync = random.below(2) == 0,
                             .overhead_seconds = random.uniform()};
    const TimeBreakdown t = iteration_time(stages, form);
    CHECK(parts(t) == doctest::Approx(t.total_seconds).epsilon(1e-12));
    CHECK(t.bubble_seconds >= 0);
    CHECK(t.inter_stage_seconds >= 0);
  }
}

TEST_CASE("closed form and simulation are one on equal stages without transfers and under GPipe") {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    RandomStream random(seed, "equal stages");
    CAPTURE(seed);
    const bool transfers = seed % 2 == 0;
    const auto stages = equal_stages(random_stage(random, transfers ? 1 : 0), 1 + random.below(16));
    const IterationForm form{.micro_batches = 1 + static_cast<int>(random.below(64)),
                             .overhead_seconds = random.uniform()};
    const double closed = iteration_time(stages, form).total_seconds;
    CHECK(simulate_pipeline(stages, PipelineSchedule::gpipe, form).total_seconds ==
          doctest::Approx(closed).epsilon(1e-9));
    if (transfers) continue;
    CHECK(
        simulate_pipeline(stages, PipelineSchedule::one_forward_one_backward, form).total_seconds ==
        doctest::Approx(closed).epsilon(1e-9));
  }
}

TEST_CASE("under 1F1B transfers make the closed form late by at most one of each direction") {
  double worst = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    RandomStream random(seed, "one forward one backward");
    CAPTURE(seed);
    const std::size_t count = 2 + random.below(15);
    StageTimes stage = random_stage(random, 0.05);
    const auto stages = equal_stages(stage, count);
    const IterationForm form{.micro_batches = 8 + static_cast<int>(random.below(57))};
    const double closed = iteration_time(stages, form).total_seconds;
    const double simulated =
        simulate_pipeline(stages, PipelineSchedule::one_forward_one_backward, form).total_seconds;
    const double activations = stage.send_activations_seconds;
    const double gradients = stage.send_gradients_seconds;
    double late = activations + gradients;
    // Neither of two stages sends both ways, yet the closed form counts both for each micro-batch.
    if (count == 2) late += (form.micro_batches - 1) * std::min(activations, gradients);
    CHECK(simulated <= closed * (1 + 1e-12));
    CHECK(simulated >= (closed - late) * (1 - 1e-12));
    if (count == 2) continue;
    CHECK(simulated == doctest::Approx(closed).epsilon(0.01));
    worst = std::max(worst, 1 - simulated / closed);
  }
  MESSAGE("largest difference " << 100 * worst << " %");
}

TEST_CASE("on unequal stages the closed form of GPipe is an upper bound") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    RandomStream random(seed, "unequal stages");
    CAPTURE(seed);
    std::vector<StageTimes> stages;
    const std::uint64_t count = 1 + random.below(8);
    for (std::uint64_t i = 0; i < count; ++i) stages.push_back(random_stage(random, 0));
    const IterationForm form{.micro_batches = 1 + static_cast<int>(random.below(32))};
    const double closed = iteration_time(stages, form).total_seconds;
    const double simulated = simulate_pipeline(stages, PipelineSchedule::gpipe, form).total_seconds;
    CHECK(simulated <= closed * (1 + 1e-12));
    // Each pass is exact by itself, and the backward pass of the last stage waits for nothing else.
    double slowest = 0;
    for (const StageTimes& t : stages) {
      slowest =
          std::max(slowest, form.micro_batches * (t.forward_seconds + t.forward_comm_seconds +
                                                  t.backward_seconds + t.backward_comm_seconds));
    }
    CHECK(simulated >= slowest);
  }
}

TEST_CASE("micro-batches in flight: all under GPipe, the depth under 1F1B") {
  const auto stages = equal_stages({.forward_seconds = 1, .backward_seconds = 2}, 4);
  const IterationForm form{.micro_batches = 16};
  CHECK(simulate_pipeline(stages, PipelineSchedule::gpipe, form).most_in_flight == 16);
  CHECK(
      simulate_pipeline(stages, PipelineSchedule::one_forward_one_backward, form).most_in_flight ==
      4);
}

TEST_CASE("a busy link holds up what is overlapped") {
  std::vector<StageTimes> stages(2);
  stages[0] = {.forward_seconds = 1, .backward_seconds = 1, .send_activations_seconds = 3};
  stages[1] = {.forward_seconds = 1, .backward_seconds = 1};
  const IterationForm form{.micro_batches = 2, .overlap_transfers = true};
  // Activations arrive at 4 and 7; backward passes follow at 8 to 9 and 9 to 10, then stage 0.
  CHECK(simulate_pipeline(stages, PipelineSchedule::gpipe, form).total_seconds == 11);
}
