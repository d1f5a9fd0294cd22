// ElasticFlow: promises kept, hand-worked shares, and the counting anew of the artifact's version.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/policies/scenario_error.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::test::simulate;
using Kind = orrery::training::ClusterEvent::Kind;
using orrery::training::Reason;

namespace {

/// `e<p>`: n GPUs are n^(p/100) times as fast as one, which takes a second.
double scaling(const std::string& model, const std::string&, orrery::models::Locality locality) {
  return std::pow(locality.gpus(), -std::stod(model.substr(1)) / 100);
}

Scenario four_gpus() {
  Scenario scenario;
  scenario.node_group(1, 4);
  scenario.iteration_seconds = scaling;
  return scenario;
}

std::size_t count(const Outcome& outcome, Kind kind) {
  std::size_t found = 0;
  for (const auto& event : outcome.events) found += event.kind == kind;
  return found;
}

}  // namespace

TEST_CASE("ElasticFlow gives a lone job all GPUs that make it faster") {
  const Outcome alone = simulate(four_gpus().training(0, 1, "e100", 100).with("elasticflow"));
  CHECK(alone.finish[0] == doctest::Approx(25));
  const Outcome capped =
      simulate(four_gpus().training(0, 1, "e100", 100).with("elasticflow", "{largest_gpus: 2}"));
  CHECK(capped.finish[0] == doctest::Approx(50));
}

TEST_CASE("ElasticFlow drops what it cannot finish in time, and that only") {
  // 4 GPUs, perfect scaling: 100 s of work in 24 s is too much, in 26 s it is not.
  auto scenario =
      four_gpus().training(0, 1, "e100", 100, "", 24).training(0, 1, "e100", 100, "", 26);
  const Outcome outcome = simulate(scenario.with("elasticflow", "{slot: 1 s}"));
  CHECK(outcome.finish[0] == -1);
  CHECK(outcome.counts.rejected == 1);
  CHECK(outcome.finish[1] == doctest::Approx(25));
  bool told = false;
  for (const auto& event : outcome.events)
    told = told || (event.kind == Kind::dropped && event.reason == Reason::deadline_missed);
  CHECK(told);
  const Outcome loose =
      simulate(Scenario(scenario).with("elasticflow", "{deadlines: loose, slot: 1 s}"));
  CHECK(loose.counts.rejected == 0);
  CHECK(loose.all_done);
}

TEST_CASE("ElasticFlow refuses deadlines that lie more slots away than it can plan") {
  const auto error = [](double deadline, const std::string& options) {
    return orrery::test::error_of(
        four_gpus().training(5, 1, "e100", 100, "", deadline).with("elasticflow", options));
  };
  CHECK(error(5 + 1e6, "{slot: 1 s}") ==
        "the deadline of job j0 comes 1000000 s after its submission, which elasticflow would plan "
        "in 1000000 slots of 1 s; expected at most 20000 ('slot', or 'round' where the experiment "
        "has one)");
  CHECK(error(5 + 2e4, "{slot: 1 s}") == "");
  CHECK(error(5 + 1e6, "{slot: 50 s}") == "");
  CHECK(error(5 + 1e6, "{slot: 1 s, deadlines: loose}") == "");
}

TEST_CASE("ElasticFlow lets a tight deadline take GPUs from a loose one, and both are kept") {
  // A needs 1 GPU for its 200 s. B comes at 10 s and needs 2 GPUs to be ready at 40 s.
  auto scenario =
      four_gpus().training(0, 1, "e100", 200, "", 200).training(10, 1, "e100", 60, "", 40);
  const Outcome outcome = simulate(scenario.with("elasticflow", "{slot: 5 s}"));
  CHECK(outcome.counts.rejected == 0);
  CHECK(outcome.finish[0] <= 200);
  CHECK(outcome.finish[1] <= 40);
  CHECK(count(outcome, Kind::changed) > 0);
}

TEST_CASE("ElasticFlow keeps every deadline that it promised, over random workloads") {
  std::size_t dropped = 0;
  std::size_t kept = 0;
  std::size_t resized = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "elasticflow");
    Scenario scenario;
    scenario.node_group(3, 4, "v100-32g").node_group(2, 8, "a100-40g");
    scenario.iteration_seconds = scaling;
    double now = 0;
    for (int j = 0; j < 40; ++j) {
      now += static_cast<double>(random.below(15));
      const auto work = static_cast<std::int64_t>(20 + random.below(200));
      const double slack = 0.05 + 1.5 * random.uniform();
      const bool has_deadline = random.below(4) != 0;
      scenario.training(now, 1 << random.below(3), "e" + std::to_string(50 + random.below(51)),
                        work, random.below(2) == 0 ? "v100-32g" : "a100-40g",
                        has_deadline ? now + slack * static_cast<double>(work)
                                     : std::numeric_limits<double>::infinity());
    }
    const Outcome outcome = simulate(scenario.with("elasticflow", "{slot: 7 s}"));
    CHECK(outcome.all_done);
    dropped += outcome.counts.rejected;
    resized += count(outcome, Kind::changed);
    for (std::size_t j = 0; j < outcome.finish.size(); ++j) {
      const double deadline = scenario.workload.jobs[j].deadline_seconds;
      if (outcome.finish[j] < 0 || std::isinf(deadline)) continue;
      ++kept;
      CHECK(outcome.finish[j] <= deadline + 1e-6);
    }
  }
  CHECK(dropped > 50);
  CHECK(kept > 500);
  CHECK(resized > 500);
}

TEST_CASE("ElasticFlow-LS grows a job to what there is, be it slower so") {
  // The artifact steps on while GPUs are left, whatever the gain: 8 GPUs are slower than 4 here.
  Scenario scenario;
  scenario.node_group(4, 4);
  scenario.iteration_seconds = [](const std::string&, const std::string&,
                                  orrery::models::Locality locality) {
    return locality.gpus() == 8 ? 0.5 : 1.0 / locality.gpus();
  };
  scenario.training(0, 1, "m", 100).with("elasticflow-ls", "{largest_gpus: 8}");
  CHECK(simulate(scenario).finish[0] == doctest::Approx(50));
}

TEST_CASE("ElasticFlow-LS counts anew when a job arrives, and only then") {
  auto scenario = four_gpus().training(0, 1, "e100", 400).training(10, 4, "e100", 100);
  const Outcome outcome = simulate(scenario.with("elasticflow-ls"));
  // 40 of 400 are done by 10 s. Then both have 2 GPUs: B ends at 60 s, when 260 are left of A,
  // which nobody gives the free GPUs.
  CHECK(outcome.finish[1] == doctest::Approx(60));
  CHECK(outcome.finish[0] == doctest::Approx(190));
  CHECK(outcome.counts.restarts == 1);
}

TEST_CASE("ElasticFlow-LS never uses a type that a job does not ask for, nor a GPU twice") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "elasticflow-ls");
    Scenario scenario;
    scenario.node_group(4, 4, "v100-32g").node_group(2, 8, "a100-40g");
    scenario.iteration_seconds = scaling;
    double now = 0;
    for (int j = 0; j < 40; ++j) {
      now += static_cast<double>(random.below(20));
      scenario.training(now, 1 << random.below(4), "e" + std::to_string(50 + random.below(51)),
                        static_cast<std::int64_t>(20 + random.below(200)),
                        random.below(2) == 0 ? "v100-32g" : "a100-40g");
    }
    const Outcome outcome = simulate(scenario.with("elasticflow-ls"));
    CHECK(outcome.all_done);
    for (const auto& event : outcome.events) {
      if (event.kind != Kind::started && event.kind != Kind::changed) continue;
      const auto& job = scenario.workload.jobs[event.job];
      const bool wants_v100 = scenario.workload.names.text(job.gpu_types) == "v100-32g";
      for (const auto& share : event.placement) CHECK((share.node.index() < 4) == wants_v100);
    }
  }
}
