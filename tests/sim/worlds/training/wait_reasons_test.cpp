// Every stretch of waiting has a reason, under every policy.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/base/random.hpp"
#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/policy.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using namespace orrery;
using namespace orrery::test;
using training::Reason;
using Kind = training::ClusterEvent::Kind;

namespace {

/// Starts what fits, one job at a time, and never says why others wait.
class Silent final : public training::Policy {
 public:
  training::Actions decide(const training::View& view, const training::Delta&) override {
    training::Actions actions;
    for (std::size_t j = 0; j < view.jobs.size(); ++j) {
      const workloads::JobId job(j);
      if (view.at(job).state != training::JobState::pending || !view.running.empty()) continue;
      platform::PlacementState free = *view.free;
      auto placement = training::place(free, view.demand(job), training::PlacementRule::pooled);
      if (!placement) continue;
      actions.actions.push_back(
          {training::Action::Kind::start, job, *placement, Reason::queue_order, {}});
      break;
    }
    return actions;
  }
};

/// Jobs that became pending at an instant, stayed so, and were given no reason then.
std::size_t unexplained(const Outcome& outcome) {
  std::map<std::size_t, double> silent;  // job: since when
  std::size_t found = 0;
  const auto look = [&](double now) {
    for (const auto& [job, since] : silent) found += since < now ? 1 : 0;
    std::erase_if(silent, [now](const auto& entry) { return entry.second < now; });
  };
  for (const Seen& event : outcome.events) {
    look(event.seconds);
    if (event.kind == Kind::submitted || event.kind == Kind::preempted ||
        event.kind == Kind::interrupted)
      silent[event.job] = event.seconds;
    else if (event.kind == Kind::started || event.kind == Kind::resumed ||
             event.kind == Kind::dropped || (event.kind == Kind::waits && !event.reason.is_none()))
      silent.erase(event.job);
  }
  look(outcome.end_seconds + 1);
  return found;
}

Scenario random_scenario(std::uint64_t seed) {
  base::RandomStream random(seed, "waits");
  Scenario scenario;
  scenario.node_group(2, 4, "v100-32g").node_group(2, 2, "t4");
  for (int j = 0; j < 40; ++j) {
    const char* const types[] = {"", "v100-32g", "t4"};
    // Powers of two, which every policy has a shape for.
    scenario.job(static_cast<double>(random.below(2000)), 1 << random.below(2),
                 static_cast<double>(10 + random.below(400)), types[random.below(3)]);
  }
  std::ranges::stable_sort(scenario.workload.jobs, {}, &workloads::TrainingJob::submit_seconds);
  return scenario;
}

}  // namespace

TEST_CASE("every job that begins to wait is told why, under every policy") {
  for (const training::PolicyEntry* policy : training::policies()) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      CAPTURE(policy->name);
      CAPTURE(seed);
      Scenario scenario = random_scenario(seed).with(policy->name);
      if (seed % 2 == 0) scenario.config.round_seconds = 60;
      CHECK(unexplained(simulate(scenario)) == 0);
    }
  }
}

TEST_CASE("where a policy says nothing, what was free says why") {
  Scenario scenario;
  scenario.node_group(1, 4).job(0, 2, 100).job(10, 2, 100).job(20, 4, 100);
  scenario.make_policy = [] { return std::make_unique<Silent>(); };
  const Outcome outcome = simulate(scenario);
  std::map<std::size_t, Reason> told;
  for (const Seen& event : outcome.events)
    if (event.kind == Kind::waits) told.emplace(event.job, event.reason);
  CHECK(told.at(1) == Reason::passed_over);
  CHECK(told.at(2) == Reason::not_enough_gpus);
}

TEST_CASE("between two rounds a job waits for the next one, which has an instant") {
  Scenario scenario;
  scenario.node_group(1, 4).job(70, 2, 100);
  scenario.config.round_seconds = 60;
  std::vector<Seen> waits = simulate(scenario).events;
  std::erase_if(waits, [](const Seen& event) { return event.kind != Kind::waits; });
  REQUIRE(waits.size() == 1);
  CHECK(waits[0].reason == Reason::next_round);
  CHECK(waits[0].seconds == 70);
  CHECK(waits[0].value == 120);
}

TEST_CASE("by default a job that waits for one GPU type does not hold up another type") {
  Scenario scenario;
  scenario.node_group(1, 1, "t4").node_group(1, 1, "v100-32g");
  scenario.job(0, 1, 100, "t4").job(1, 1, 100, "t4").job(2, 1, 100, "v100-32g");
  for (const char* policy : {"fifo", "sjf", "srtf"}) {
    CAPTURE(policy);
    CHECK(simulate(Scenario(scenario).with(policy)).start[2] == 2);
  }
  CHECK(simulate(Scenario(scenario).with("fifo", "{queue: blocking}")).start[2] == 100);
}

TEST_CASE("whole_nodes: what is larger than a node takes no part of a node that is in use") {
  Scenario scenario;
  scenario.node_group(3, 4).job(0, 1, 100).job(1, 6, 100);
  const auto nodes_of = [](const Outcome& outcome) {
    std::vector<std::size_t> nodes;
    for (const Seen& event : outcome.events)
      if (event.kind == Kind::started && event.job == 1)
        for (const platform::NodeShare& share : event.placement)
          nodes.push_back(share.node.index());
    return nodes;
  };
  CHECK(nodes_of(simulate(Scenario(scenario).with("fifo", "{placement: consolidated}"))) ==
        std::vector<std::size_t>{1, 0});
  const Scenario whole = Scenario(scenario).with("fifo", "{placement: whole_nodes}");
  CHECK(nodes_of(simulate(whole)) == std::vector<std::size_t>{1, 2});
  // Two of three nodes in use: the larger job waits for one of them.
  CHECK(simulate(Scenario(whole).job(2, 6, 10)).start[2] == 101);
}

TEST_CASE("LAS by entry: who falls into a queue comes behind those that wait there") {
  // Worked by hand from the published simulator's rule. The first job falls at 5 s (10 GPU-seconds)
  // and the third at 7 s; then the second, of 4 GPUs, preempts both and falls at 9.5 s.
  Scenario scenario;
  scenario.node_group(1, 4).job(0, 2, 1000).job(1, 4, 1000).job(2, 2, 1000);
  const auto resumed = [&](const char* order) {
    const Outcome outcome = simulate(Scenario(scenario).with(
        "las", std::string("{limits_gpu_seconds: [10], within_queue: ") + order + "}"));
    double first = -1;
    for (const Seen& event : outcome.events)
      if (event.kind == Kind::resumed && event.job == 0 && first < 0) first = event.seconds;
    return first;
  };
  CHECK(resumed("entry") == doctest::Approx(9.5));
  CHECK(resumed("submission") > 900);
}
