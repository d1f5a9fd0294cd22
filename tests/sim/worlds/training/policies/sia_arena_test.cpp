// Sia as the Crius artifact has it: what it believes, what it moves, and what it leaves alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "models/base/random.hpp"
#include "tests/models/throughput/never.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::kNever;
using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::test::simulate;
using Kind = orrery::training::ClusterEvent::Kind;

namespace {

/// Samples per second of each model on one V100 and on one A100.
using Speeds = std::map<std::string, std::pair<double, double>>;

/// One node of 8 V100 and one of 8 A100; jobs run on at most 8 GPUs and, in truth, twice as fast on
/// any number above one.
Scenario two_nodes_of_eight(const Speeds& speeds) {
  Scenario scenario;
  scenario.node_group(1, 8, "v100-32g").node_group(1, 8, "a100-40g");
  scenario.iteration_seconds = [speeds](const std::string& model, const std::string& type,
                                        orrery::models::Locality locality) {
    const auto& [on_v100, on_a100] = speeds.at(model);
    const double one = type == "v100-32g" ? on_v100 : on_a100;
    if (one <= 0 || locality.gpus() > 8) return kNever;
    return 1 / (one * std::min(locality.gpus(), 2));
  };
  return scenario;
}

/// GPUs of each placement that a job was given, in order.
std::vector<int> gpus_given(const Outcome& outcome, std::size_t job) {
  std::vector<int> given;
  for (const auto& event : outcome.events)
    if (event.job == job && (event.kind == Kind::started || event.kind == Kind::changed))
      given.push_back(orrery::platform::gpus_of(event.placement));
  return given;
}

std::size_t node_of_last(const Outcome& outcome, std::size_t job) {
  std::size_t node = 99;
  for (const auto& event : outcome.events)
    if (event.job == job && (event.kind == Kind::started || event.kind == Kind::changed))
      node = event.placement.front().node.index();
  return node;
}

}  // namespace

TEST_CASE("Sia of the artifact believes in linear speed and gives the largest count") {
  const auto outcome =
      simulate(two_nodes_of_eight({{"a", {10, 0}}}).training(0, 1, "a", 400).with("sia-arena"));
  CHECK(gpus_given(outcome, 0) == std::vector<int>{8});
  CHECK(outcome.finish[0] == doctest::Approx(20));  // in truth only twice as fast
}

TEST_CASE("Sia of the artifact moves a job to another type for the one it takes in") {
  const auto run = [](int changes) {
    return simulate(two_nodes_of_eight({{"a", {10, 5}}, {"b", {10, 0}}})
                        .training(0, 1, "a", 4000)
                        .training(50, 1, "b", 400)
                        .with("sia-arena", "{changes: " + std::to_string(changes) + "}"));
  };
  const auto kept = run(0);
  CHECK(node_of_last(kept, 0) == 0);
  CHECK(kept.start[1] == doctest::Approx(kept.finish[0]));
  const auto moved = run(1);
  CHECK(moved.start[1] == 50);
  CHECK(node_of_last(moved, 0) == 1);
  CHECK(gpus_given(moved, 0) == std::vector<int>{8, 8});
}

TEST_CASE("Sia of the artifact shrinks running jobs in its belief only") {
  // B could have half of what A is given; A is believed to have shrunk, holds on, and B waits.
  const auto outcome = simulate(two_nodes_of_eight({{"a", {10, 0}}, {"b", {10, 0}}})
                                    .training(0, 1, "a", 4000)
                                    .training(50, 1, "b", 400)
                                    .with("sia-arena"));
  CHECK(gpus_given(outcome, 0) == std::vector<int>{8});
  CHECK(outcome.start[1] == doctest::Approx(outcome.finish[0]));
}

TEST_CASE("Sia of the artifact moves a job for another the less, the longer it has executed") {
  // B gains a little on the V100s, A loses a little for leaving them: less than B gains while A's
  // factor is 0.01, more once it has executed. All configurations run, so the program is exact.
  const auto node_of_a = [](double arrival) {
    Scenario scenario;
    scenario.node_group(1, 16, "v100-32g").node_group(1, 16, "a100-40g");
    scenario.iteration_seconds = [](const std::string& model, const std::string& type,
                                    orrery::models::Locality locality) {
      const bool v100 = type == "v100-32g";
      return 1 / ((v100 ? 10.0 : model == "a" ? 9.0 : 8.0) * locality.gpus());
    };
    const auto outcome = simulate(
        scenario.training(0, 1, "a", 2'000'000).training(arrival, 1, "b", 1'000).with("sia-arena"));
    CHECK(outcome.start[1] == arrival);
    return node_of_last(outcome, 0);
  };
  CHECK(node_of_a(1) == 1);
  CHECK(node_of_a(6000) == 0);
}

TEST_CASE("Sia of the artifact lets no waiting job hold up another, and no two partitions meet") {
  for (const char* options : {"{}", "{partition: 1}"}) {
    CAPTURE(options);
    const auto outcome =
        simulate(two_nodes_of_eight({{"a", {10, 0}}, {"b", {10, 0}}, {"c", {0, 10}}})
                     .training(0, 1, "a", 400)
                     .training(0, 1, "b", 400)
                     .training(5, 1, "c", 400)
                     .with("sia-arena", options));
    CHECK(outcome.start[2] == 5);
    CHECK(outcome.start[1] == doctest::Approx(outcome.finish[0]));
    CHECK(outcome.all_done);
  }
}

TEST_CASE("Sia of the artifact gives plain durations what they ask for") {
  const auto outcome = simulate(two_nodes_of_eight({})
                                    .job(0, 3, 100, "v100-32g")
                                    .job(0, 6, 50, "v100-32g")
                                    .with("sia-arena"));
  CHECK(gpus_given(outcome, 0) == std::vector<int>{3});
  CHECK(outcome.finish[0] == doctest::Approx(100));
  CHECK(outcome.start[1] == doctest::Approx(100));
}

TEST_CASE("Sia of the artifact finishes every job that runs somewhere") {
  const std::uint64_t seed = 20'264;
  CAPTURE(seed);
  RandomStream random(seed, "sia-arena");
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    Scenario scenario =
        two_nodes_of_eight({{"a", {10, 5}}, {"b", {4, 9}}, {"c", {0, 3}}, {"d", {7, 0}}});
    const auto jobs = 3 + random.below(12);
    for (std::uint64_t j = 0; j < jobs; ++j)
      scenario.training(std::floor(600 * random.uniform()), 1 << random.below(4),
                        std::string(1, static_cast<char>('a' + random.below(4))),
                        static_cast<std::int64_t>(100 + random.below(5000)));
    const auto outcome = simulate(scenario.with("sia-arena"));
    CHECK(outcome.all_done);
  }
}
