// What EASY promises the head of its queue, and the order in which it serves.
#include <doctest/doctest.h>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using namespace orrery;
using test::Outcome;
using test::Scenario;
using test::Seen;
using test::simulate;

namespace {

/// The head's last reserved start never lies before its start.
void check_promises(const Outcome& outcome) {
  for (const Seen& event : outcome.events) {
    if (event.kind != training::ClusterEvent::Kind::waits) continue;
    if (event.reason.word() != "reserved") continue;
    INFO("job ", event.job, " was promised ", event.value, " at ", event.seconds);
    CHECK(outcome.start[event.job] <= event.value + 1e-6);
  }
}

}  // namespace

TEST_CASE("EASY counts checkpoint writes: a job that ends later by them is not backfilled") {
  Scenario scenario;
  scenario.node_group(1, 4).job(0, 2, 100).job(1, 4, 10).job(2, 2, 140);
  scenario.config.checkpoint = training::CheckpointConfig{10, 5};
  const Outcome outcome = simulate(scenario.with("easy"));
  check_promises(outcome);
  CHECK(outcome.start == std::vector<double>{0, 145, 155});
}

TEST_CASE("EASY counts what starting on a plan costs and how fast a job is on its GPUs") {
  // Backfilled on its own throughput the third job ends at 2 + 30 + 20 (costs) > 40.
  Scenario scenario;
  scenario.node_group(1, 4).job(0, 2, 40).job(1, 4, 10).training(2, 2, "m", 60);
  scenario.iteration_seconds = [](const std::string&, const std::string&,
                                  models::Locality locality) { return 1.0 / locality.gpus(); };
  scenario.config.plan_change.launch.more = 20;
  const Outcome outcome = simulate(scenario.with("easy"));
  check_promises(outcome);
  CHECK(outcome.start[1] == 40);
  CHECK(outcome.start[2] == 50);
}

TEST_CASE("EASY keeps its promises where runs are interrupted and resumed at a cost") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed ", seed);
    base::RandomStream random(seed, "easy");
    Scenario scenario;
    scenario.node_group(3, 4);
    double now = 0;
    for (int j = 0; j < 80; ++j)
      scenario.job(now += static_cast<double>(random.below(40)),
                   static_cast<int>(1 + random.below(12)),
                   static_cast<double>(5 + random.below(200)));
    scenario.config.checkpoint = training::CheckpointConfig{17, 3};
    check_promises(simulate(scenario.with("easy")));
  }
}
