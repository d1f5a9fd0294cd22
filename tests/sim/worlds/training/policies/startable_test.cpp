// Which jobs a policy can start at all: shapes, types of a virtual cluster, types that bind.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "models/base/document.hpp"
#include "tests/sim/worlds/training/policies/scenario_error.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using namespace orrery;
using test::Outcome;
using test::Scenario;
using test::simulate;

namespace {

struct EqualParts {
  std::string policy, options;
};
/// Policies that place jobs in equal parts only.
const std::vector<EqualParts>& in_equal_parts() {
  static const std::vector<EqualParts> all{{"fifo", "{placement: worst_fit}"},
                                           {"easy", "{placement: worst_fit}"},
                                           {"sjf", "{placement: worst_fit}"},
                                           {"srtf", "{placement: worst_fit}"},
                                           {"las", "{placement: worst_fit}"},
                                           {"gandiva", "{}"},
                                           {"gavel-arena", "{}"},
                                           {"sia-arena", "{}"}};
  return all;
}

double linear(const std::string&, const std::string& type, models::Locality locality) {
  return (type == "a100-40g" ? 0.5 : 1.0) / locality.gpus();
}

}  // namespace

TEST_CASE(
    "a job that the policy has no shape for stops the run, or is rejected, and starves none") {
  for (const EqualParts& choice : in_equal_parts()) {
    INFO(choice.policy);
    Scenario scenario;
    scenario.node_group(2, 8).job(0, 9, 100).job(10, 4, 50).with(choice.policy, choice.options);
    CHECK(error_of(scenario).find("asks for 9 GPUs, and even on the idle cluster the policy has no "
                                  "shape for them") != std::string::npos);
    scenario.config.on_oversized_job = training::OversizedJob::reject;
    const Outcome outcome = simulate(scenario);
    CHECK(outcome.status[0].state == training::JobState::rejected);
    CHECK(outcome.start == std::vector<double>{-1, 10});
    // On three nodes it has one: three parts of 3.
    Scenario larger;
    larger.node_group(3, 8).job(0, 9, 100).with(choice.policy, choice.options);
    CHECK(simulate(larger).start[0] == 0);
  }
}

TEST_CASE("a job that runs on no configuration of the cluster is rejected, not left pending") {
  // One model is known nowhere, the other on more GPUs than there are.
  for (const auto* entry : training::policies()) {
    for (const char* const model : {"never", "wide"}) {
      INFO(entry->name, " ", model);
      Scenario scenario;
      scenario.node_group(2, 4).training(0, 2, model, 100).training(10, 2, "m", 100);
      scenario.iteration_seconds = [](const std::string& of, const std::string& type,
                                      models::Locality locality) {
        const bool runs = of == "m" || (of == "wide" && locality.gpus() >= 16);
        return runs ? linear(of, type, locality) : std::numeric_limits<double>::infinity();
      };
      scenario.with(entry->name);
      CHECK(!error_of(scenario).empty());
      scenario.config.on_oversized_job = training::OversizedJob::reject;
      const Outcome outcome = simulate(scenario);
      CHECK(outcome.status[0].state == training::JobState::rejected);
      CHECK(outcome.status[1].state == training::JobState::finished);
    }
  }
}

TEST_CASE("a virtual cluster without nodes of some GPU type schedules on those it has") {
  for (const auto* entry : training::policies()) {
    for (const bool trained : {false, true}) {
      INFO(entry->name, trained);
      Scenario scenario;
      scenario.node_group(2, 8, "v100-32g", "x").node_group(2, 8, "a100-40g", "y");
      scenario.job(0, 2, 100, "", "x").job(10, 4, 50, "", "y");
      if (trained) {
        scenario.training(20, 4, "m", 100);
        scenario.workload.jobs.back().virtual_cluster = scenario.workload.jobs[0].virtual_cluster;
        scenario.iteration_seconds = linear;
      }
      scenario.config.virtual_clusters = training::VirtualClusters::partition;
      const Outcome outcome = simulate(scenario.with(entry->name));
      for (const training::JobStatus& status : outcome.status)
        CHECK(status.state == training::JobState::finished);
    }
  }
}

TEST_CASE("Crius asks for a type that the virtual cluster has, without changes of type too") {
  Scenario scenario;
  scenario.node_group(1, 4, "v100-32g", "x").node_group(2, 4, "a100-40g", "y");
  scenario.job(0, 1, 10, "", "x").job(0, 1, 10, "", "y").training(20, 2, "m", 100);
  scenario.workload.jobs.back().virtual_cluster = scenario.workload.jobs[1].virtual_cluster;
  scenario.iteration_seconds = linear;
  scenario.config.virtual_clusters = training::VirtualClusters::partition;
  scenario.with("crius", "{type_change: false, opportunistic: false, migration: false}");
  CHECK(simulate(scenario).start[2] == 20);
}

TEST_CASE("a plain duration runs on a type that it asks for, though types are preferences") {
  for (const auto* entry : training::policies()) {
    INFO(entry->name);
    Scenario scenario;
    scenario.node_group(1, 4, "v100-32g").node_group(1, 2, "a100-40g");
    scenario.job(0, 2, 100, "a100-40g").job(1, 2, 50, "a100-40g").training(2, 1, "m", 100);
    scenario.iteration_seconds = linear;
    const Outcome outcome = simulate(scenario.with(entry->name));
    for (const test::Seen& event : outcome.events)
      if (event.job < 2 && !event.placement.empty())
        CHECK(event.placement.front().node == platform::NodeId(1));
    CHECK(outcome.counts.finished == 3);
  }
}

TEST_CASE("a job is not rejected because one like it cannot meet its deadline") {
  Scenario scenario;
  scenario.node_group(1, 2).job(0, 1, 900).job(10, 1, 1);
  scenario.workload.jobs[0].deadline_seconds = 500;
  scenario.config.on_oversized_job = training::OversizedJob::reject;
  const Outcome outcome = simulate(scenario.with("crius", "{search: arena, deadline_aware: true}"));
  CHECK(outcome.start[1] == 10);
  // Alone it is given up when its deadline has passed, not rejected as one without a shape.
  Scenario alone;
  alone.node_group(1, 2).job(0, 2, 900).job(600, 1, 1);
  alone.workload.jobs[0].deadline_seconds = 500;
  alone.config.on_oversized_job = training::OversizedJob::reject;
  const Outcome told = simulate(alone.with("crius", "{search: arena, deadline_aware: true}"));
  CHECK(std::ranges::any_of(told.events, [](const test::Seen& event) {
    return event.job == 0 && event.kind == training::ClusterEvent::Kind::dropped;
  }));
}

TEST_CASE("types that bind hold for every policy, those of the arena too") {
  for (const auto* entry : training::policies()) {
    INFO(entry->name);
    Scenario scenario;
    scenario.node_group(2, 4, "v100-32g").node_group(2, 4, "a100-40g");
    for (int j = 0; j < 6; ++j)
      scenario.training(j, 2, "m", 400, j % 2 == 0 ? "v100-32g" : "a100-40g");
    scenario.iteration_seconds = linear;
    scenario.types_bind = true;
    const Outcome outcome = simulate(scenario.with(entry->name));
    for (const test::Seen& event : outcome.events)
      for (const platform::NodeShare& share : event.placement)
        CHECK((share.node.index() < 2) == (event.job % 2 == 0));
  }
}
