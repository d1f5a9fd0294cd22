// Preemption where jobs may use several GPU types: nobody idles beside another type's free GPUs,
// and a type on which others wait stays theirs.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "tests/sim/worlds/training/scenario.hpp"

using namespace orrery;
using test::Outcome;
using test::Scenario;
using test::simulate;
using Kind = training::ClusterEvent::Kind;

namespace {

/// Time and node of each event of a kind that a job has.
std::vector<std::pair<double, std::size_t>> told(const Outcome& outcome, Kind kind,
                                                 std::size_t job) {
  std::vector<std::pair<double, std::size_t>> found;
  for (const test::Seen& event : outcome.events)
    if (event.kind == kind && event.job == job)
      found.emplace_back(event.seconds, event.placement.front().node.index());
  return found;
}

using Told = std::vector<std::pair<double, std::size_t>>;

}  // namespace

TEST_CASE("a job that is preempted on one GPU type goes on at once where another is free") {
  for (const double round : {0.0, 10.0}) {
    Scenario scenario;
    scenario.node_group(1, 2, "v100-32g").node_group(1, 1, "a100-40g");
    scenario.job(0, 1, 1500).job(10, 2, 50, "v100-32g");
    scenario.config.round_seconds = round;
    const Outcome outcome = simulate(scenario.with("srtf"));
    CHECK(told(outcome, Kind::preempted, 0) == Told{{10, 0}});
    CHECK(told(outcome, Kind::resumed, 0) == Told{{10, 1}});
    CHECK(outcome.finish[0] == 1500);
  }
}

TEST_CASE("a job that is preempted on one GPU type takes another from whom ranks lower there") {
  Scenario scenario;
  scenario.node_group(1, 1, "v100-32g").node_group(1, 1, "a100-40g");
  scenario.job(0, 1, 100).job(1, 1, 1000).job(10, 1, 5, "v100-32g");
  const Outcome outcome = simulate(scenario.with("srtf"));
  CHECK(told(outcome, Kind::resumed, 0) == Told{{10, 1}});
  CHECK(told(outcome, Kind::preempted, 1) == Told{{10, 1}});
  CHECK(told(outcome, Kind::resumed, 1) == Told{{15, 0}});
}

TEST_CASE("no job is placed on a type that was closed to it by one before it that waits") {
  for (const char* const policy : {"srtf", "las"}) {
    INFO(policy);
    Scenario scenario;
    scenario.node_group(1, 2, "v100-32g").node_group(1, 2, "a100-40g");
    scenario.job(0, 1, 20, "v100-32g").job(1, 2, 100, "v100-32g").job(2, 1, 333);
    const Outcome outcome =
        simulate(scenario.with(policy, "{queue: blocking_per_type, placement: best_fit}"));
    CHECK(told(outcome, Kind::started, 2) == Told{{2, 1}});
    CHECK(told(outcome, Kind::started, 1) == Told{{20, 0}});
  }
}
