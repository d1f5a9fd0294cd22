// What each policy promises beyond its schedule: reservations kept, promotions, errors in actions.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::test::simulate;
using Kind = orrery::training::ClusterEvent::Kind;

namespace {

Scenario random_cluster(std::uint64_t seed) {
  RandomStream random(seed, "policies");
  Scenario scenario;
  scenario.node_group(2, 8, "v100-32g").node_group(3, 4, "a100-40g");
  double now = 0;
  for (int j = 0; j < 120; ++j) {
    now += static_cast<double>(random.below(20));
    const char* types[] = {"", "v100-32g", "a100-40g"};
    const bool share = random.below(5) == 0;
    scenario.job(now, share ? 1 : 1 << random.below(4), static_cast<double>(5 + random.below(100)),
                 types[random.below(3)], "",
                 share ? 100 + static_cast<int>(random.below(900)) : 1000);
  }
  return scenario;
}

}  // namespace

TEST_CASE("EASY starts the head of the queue no later than any start it reserved for it") {
  for (const char* placement : {"consolidated", "first_fit", "best_fit", "pooled"}) {
    std::size_t reservations = 0;
    std::size_t backfilled = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      INFO(placement, " seed ", seed);
      const Outcome outcome = simulate(
          random_cluster(seed).with("easy", std::string("{placement: ") + placement + "}"));
      REQUIRE(outcome.all_done);
      for (const auto& event : outcome.events) {
        if (event.kind == Kind::waits &&
            event.reason == orrery::training::find_reason("reserved")) {
          ++reservations;
          CHECK(outcome.start[event.job] <= event.value);
        }
        backfilled += event.kind == Kind::started &&
                      event.reason == orrery::training::find_reason("backfilled");
      }
    }
    CHECK(reservations > 100);
    CHECK(backfilled > 100);
  }
}

TEST_CASE("every policy finishes every job of a mixed cluster, under every queue and placement") {
  for (const auto* policy : orrery::training::policies()) {
    for (const auto& parameter : policy->options.parameters) {
      for (const std::string& choice : parameter.choices) {
        std::string options = parameter.key + ": " + choice;
        if (choice == "exclusive") options += ", objective: max_total_throughput";
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
          INFO(policy->name, " ", options, " seed ", seed);
          const Outcome outcome =
              simulate(random_cluster(seed).with(policy->name, "{" + options + "}"));
          CHECK(outcome.all_done);
        }
      }
    }
  }
}

TEST_CASE("only the preempting policies preempt") {
  std::map<std::string, bool> preempts;
  for (const auto* policy : orrery::training::policies()) {
    // Limits that the small jobs here do reach.
    const std::string options = policy->name == "las" ? "{limits_gpu_seconds: [50]}" : "{}";
    for (std::uint64_t seed = 1; seed <= 10; ++seed)
      for (const auto& event : simulate(random_cluster(seed).with(policy->name, options)).events)
        if (event.kind == Kind::preempted) preempts[policy->name] = true;
  }
  CHECK(preempts == std::map<std::string, bool>{
                        {"crius", true}, {"gavel", true}, {"las", true}, {"srtf", true}});
}

TEST_CASE("LAS promotes a job that has waited long enough, with its service counted anew") {
  // One GPU, limit 10 GPU-seconds. A runs to 10 and falls; then newcomers of 10 s keep it out.
  // With promote 2 it is back in the highest queue after waiting 2 x 10 s, at 30 s.
  auto scenario = Scenario().node_group(1, 1).job(0, 1, 20);
  for (int j = 0; j < 6; ++j) scenario.job(9 + 10 * j, 1, 10);
  const auto never = simulate(Scenario(scenario).with("las", "{limits_gpu_seconds: [10]}"));
  CHECK(never.finish[0] == 80);
  const auto promoted =
      simulate(Scenario(scenario).with("las", "{limits_gpu_seconds: [10], promote: 2}"));
  CHECK(promoted.finish[0] == 40);
}

TEST_CASE("LAS keeps running jobs of a queue where they are when others of that queue wait") {
  const auto scenario = Scenario().node_group(1, 8).job(0, 8, 50).job(1, 8, 50);
  const Outcome outcome = simulate(Scenario(scenario).with("las", "{limits_gpu_seconds: [1000]}"));
  CHECK(outcome.start == std::vector<double>{0, 50});
  CHECK(outcome.counts.restarts == 0);
}

TEST_CASE("the template of the documentation is a policy that works") {
  const auto scenario =
      Scenario().node_group(1, 8).job(0, 8, 10).job(1, 2, 10).job(2, 8, 10).job(3, 4, 10);
  const Outcome outcome = simulate(Scenario(scenario).with("largest-first"));
  CHECK(outcome.start == std::vector<double>{0, 20, 10, 20});
  // Its own reason is known by its word, as `orrery explain` looks it up.
  const auto reason = orrery::training::find_reason("largest_that_fits");
  CHECK(reason.text().done == "it was the largest job that fitted");
  const auto told = std::count_if(outcome.events.begin(), outcome.events.end(), [&](const auto& e) {
    return e.kind == orrery::training::ClusterEvent::Kind::started && e.reason == reason;
  });
  CHECK(told == 4);
}
