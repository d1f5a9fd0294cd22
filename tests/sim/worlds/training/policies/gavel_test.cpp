// Gavel: hand-worked optima, time shares kept over rounds, bounded type changes, errors.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <map>

#include "models/base/random.hpp"
#include "models/optimize/linear_program.hpp"
#include "sim/worlds/training/policies/gavel/time_shares.hpp"
#include "tests/models/throughput/never.hpp"
#include "tests/sim/worlds/training/policies/scenario_error.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::error_of;
using orrery::test::kNever;
using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::test::simulate;
using Kind = orrery::training::ClusterEvent::Kind;

namespace {

/// Samples per second of each model on v100-32g and on a100-40g.
using Speeds = std::map<std::string, std::pair<double, double>>;

/// One node of each type.
Scenario two_types(const Speeds& speeds, int v100 = 1, int a100 = 1) {
  Scenario scenario;
  scenario.node_group(1, v100, "v100-32g").node_group(1, a100, "a100-40g");
  scenario.iteration_seconds = [speeds](const std::string& model, const std::string& type,
                                        orrery::models::Locality) {
    const auto& [on_v100, on_a100] = speeds.at(model);
    const double speed = type == "v100-32g" ? on_v100 : on_a100;
    return speed > 0 ? 1 / speed : kNever;
  };
  return scenario;
}

/// Seconds that each job spent on each of the two nodes until `end`.
std::vector<std::array<double, 2>> seconds_on(const Outcome& outcome, std::size_t jobs,
                                              double end) {
  std::vector<std::array<double, 2>> spent(jobs, {0, 0});
  std::map<std::size_t, std::pair<std::size_t, double>> since;
  const auto close = [&](std::size_t job, double until) {
    const auto open = since.find(job);
    if (open == since.end()) return;
    spent[job][open->second.first] += until - open->second.second;
    since.erase(open);
  };
  for (const auto& event : outcome.events) {
    if (event.kind == Kind::preempted || event.kind == Kind::finished ||
        event.kind == Kind::changed)
      close(event.job, event.seconds);
    if (event.kind == Kind::started || event.kind == Kind::resumed || event.kind == Kind::changed)
      since[event.job] = {event.placement.front().node.index(), event.seconds};
  }
  for (std::size_t job = 0; job < jobs; ++job) close(job, end);
  return spent;
}

}  // namespace

TEST_CASE("Gavel shares a GPU evenly between two jobs that can use no other") {
  // A and C can only use the V100, B is as fast on both. Normalised by equal shares A and C have 2a
  // and 2c, B has 1: the optimum is 1 with a = c = 1/2, and B stays on the A100.
  auto scenario = two_types({{"a", {1, 0}}, {"b", {1, 1}}})
                      .training(0, 1, "a", 100000)
                      .training(0, 1, "b", 100000)
                      .training(0, 1, "a", 100000)
                      .with("gavel", "{wake_every: 10 s}");
  scenario.horizon_seconds = 1000;
  const auto spent = seconds_on(simulate(scenario), 3, 1000);
  CHECK(spent[0][0] == doctest::Approx(500).epsilon(0.02));
  CHECK(spent[2][0] == doctest::Approx(500).epsilon(0.02));
  CHECK(spent[1][1] == doctest::Approx(1000).epsilon(0.02));
}

TEST_CASE("Gavel's jobs get the max-min optimum of their program, over random speeds") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    INFO("seed ", seed);
    RandomStream random(seed, "gavel");
    Speeds speeds;
    const std::size_t jobs = 2 + random.below(4);
    for (std::size_t j = 0; j < jobs; ++j)
      speeds["m" + std::to_string(j)] = {1 + 9 * random.uniform(), 1 + 9 * random.uniform()};
    auto scenario = two_types(speeds);
    for (std::size_t j = 0; j < jobs; ++j)
      scenario.training(0, 1, "m" + std::to_string(j), 100'000'000);
    scenario.with("gavel", "{wake_every: 10 s}").horizon_seconds = 5000;
    const auto spent = seconds_on(simulate(scenario), jobs, 5000);

    // max z: z <= normalised throughput of each job, each job and each GPU at most all the time.
    orrery::models::LinearProgram program;
    const auto z = program.add_variable({.objective = 1});
    std::array<orrery::models::ProgramRow, 2> gpu;
    std::vector<std::array<double, 2>> normalised;
    for (std::size_t j = 0; j < jobs; ++j) {
      const auto [v100, a100] = speeds.at("m" + std::to_string(j));
      const double equal = (v100 + a100) / 2;
      normalised.push_back({v100 / equal, a100 / equal});
      orrery::models::ProgramRow least{.terms = {{z, -1}}, .lower = 0};
      orrery::models::ProgramRow time{.terms = {}, .upper = 1};
      for (std::size_t type = 0; type < 2; ++type) {
        const auto x = program.add_variable({});
        least.terms.push_back({x, normalised[j][type]});
        time.terms.push_back({x, 1});
        gpu[type].terms.push_back({x, 1});
      }
      program.add_row(least);
      program.add_row(time);
    }
    for (auto& row : gpu) {
      row.upper = 1;
      program.add_row(row);
    }
    const double optimum = orrery::models::solve(program).objective;
    double least = kNever;
    for (std::size_t j = 0; j < jobs; ++j)
      least =
          std::min(least, (spent[j][0] * normalised[j][0] + spent[j][1] * normalised[j][1]) / 5000);
    CHECK(least == doctest::Approx(optimum).epsilon(0.03));
  }
}

TEST_CASE("Gavel's total throughput puts each job where the sum is largest") {
  for (const char* mechanism : {"time_sharing", "exclusive"}) {
    INFO(mechanism);
    // Both are faster on the V100, but together 10 + 8 beats 9 + 1.
    auto scenario =
        two_types({{"a", {10, 1}}, {"b", {9, 8}}})
            .training(0, 1, "b", 100000)
            .training(0, 1, "a", 100000)
            .with("gavel",
                  std::string("{objective: max_total_throughput, mechanism: ") + mechanism + "}");
    scenario.horizon_seconds = 100;
    const auto spent = seconds_on(simulate(scenario), 2, 100);
    CHECK(spent[0][1] == 100);
    CHECK(spent[1][0] == 100);
  }
}

TEST_CASE("Gavel's exclusive program moves no more running jobs than its bound") {
  const auto run = [](int bound) {
    // B must wait for the V100 on the slower A100 until A is done at 10 s.
    return simulate(two_types({{"a", {10, 1}}, {"b", {9, 8}}})
                        .training(0, 1, "a", 100)
                        .training(0, 1, "b", 800)
                        .with("gavel",
                              "{objective: max_total_throughput, mechanism: exclusive, "
                              "type_changes: " +
                                  std::to_string(bound) + "}"));
  };
  CHECK(run(0).finish[1] == doctest::Approx(100));
  CHECK(run(1).finish[1] == doctest::Approx(10 + (800.0 - 80) / 9));
}

TEST_CASE("Gavel of the artifact moves admitted jobs for the one it takes in, within its bound") {
  const auto run = [](int bound) {
    return simulate(two_types({{"a", {10, 1}}, {"b", {9, 8}}})
                        .training(0, 1, "b", 7200)
                        .training(0, 1, "a", 100)
                        .with("gavel-arena", "{type_changes: " + std::to_string(bound) + "}"));
  };
  // B is taken in first, on the V100. Then 1 more beside its 9, or 10 beside its 8 elsewhere.
  CHECK(run(0).finish[0] == doctest::Approx(800));
  CHECK(run(0).finish[1] == doctest::Approx(100));
  CHECK(run(1).finish[0] == doctest::Approx(900));
  CHECK(run(1).finish[1] == doctest::Approx(10));
}

TEST_CASE("Gavel of the artifact tries waiting jobs when one ends, none holding up another") {
  // B runs on the V100 only and waits for its end at 10 s; C has come later and takes the A100.
  const auto outcome = simulate(two_types({{"a", {10, 1}}, {"b", {10, 0}}, {"c", {0, 10}}})
                                    .training(0, 1, "a", 100)
                                    .training(0, 1, "b", 100)
                                    .training(5, 1, "c", 100)
                                    .with("gavel-arena", "{type_changes: 0}"));
  CHECK(outcome.finish[0] == doctest::Approx(10));
  CHECK(outcome.finish[2] == doctest::Approx(15));
  CHECK(outcome.finish[1] == doctest::Approx(20));
}

TEST_CASE("Gavel leaves no GPU idle that a waiting job could use") {
  // By shares alone B would only run on the A100, a third of the time.
  auto scenario = two_types({{"a", {1, 0}}, {"b", {1, 1}}})
                      .training(0, 1, "b", 1000)
                      .with("gavel", "{wake_every: 10 s}");
  CHECK(simulate(scenario).finish[0] == doctest::Approx(1000));
}

TEST_CASE("Gavel goes on without new shares where its budget is too small") {
  auto scenario = two_types({{"a", {10, 1}}, {"b", {9, 8}}})
                      .training(0, 1, "a", 100)
                      .training(0, 1, "b", 100)
                      .with("gavel", "{pivots: 1}");
  const Outcome outcome = simulate(scenario);
  CHECK(outcome.counts.finished == 2);
  CHECK(outcome.counts.given_up_programs > 0);
  CHECK(simulate(Scenario(scenario).with("gavel", "{}")).counts.given_up_programs == 0);
  CHECK(error_of(Scenario(scenario).with("gavel", "{mechanism: exclusive}")) ==
        "found mechanism: exclusive with objective max_min_fairness, expected 'objective: "
        "max_total_throughput' beside it");
  CHECK(
      error_of(Scenario(scenario).with("gavel", "{objective: max_min}")).find("max_min_fairness") !=
      std::string::npos);
  CHECK(error_of(Scenario(scenario).with("gavel", "{pivots: 0}")) ==
        "found 0, expected at least 1");
}

TEST_CASE("jobs that are alike get equal shares, as good as those of a program for each of them") {
  using orrery::policies::gavel::Claimant;
  const std::uint64_t seed = 20'261;
  CAPTURE(seed);
  RandomStream random(seed, "alike");
  for (int round = 0; round < 40; ++round) {
    std::vector<Claimant> alike, apart;
    const auto kinds = 1 + static_cast<std::size_t>(3 * random.uniform());
    for (std::size_t kind = 0; kind < kinds; ++kind) {
      const Claimant one{{1 + 9 * random.uniform(), 1 + 9 * random.uniform()},
                         1 << static_cast<int>(3 * random.uniform())};
      const auto members = 1 + static_cast<std::size_t>(5 * random.uniform());
      for (std::size_t member = 0; member < members; ++member) {
        alike.push_back(one);
        apart.push_back(one);
        // Too little to matter, enough for variables of its own.
        apart.back().throughput[0] *= 1 + 1e-12 * static_cast<double>(member);
      }
    }
    const std::vector<double> room = {8, 4};
    for (const bool fair : {true, false}) {
      std::size_t variables = 0;
      double best = 0;
      const orrery::policies::gavel::Solve solve =
          [&](const orrery::models::LinearProgram& program) {
            auto result = orrery::models::solve(program, {});
            REQUIRE(result.outcome == orrery::models::ProgramOutcome::optimal);
            variables = program.variables.size();
            best = result.objective;
            return result;
          };
      const auto shares = orrery::policies::gavel::time_shares(alike, room, fair, solve).value();
      CHECK(variables <= 2 * kinds);
      const double together = best;
      REQUIRE(orrery::policies::gavel::time_shares(apart, room, fair, solve));
      CHECK(variables == 2 * alike.size());
      CHECK(together == doctest::Approx(best).epsilon(1e-5));
      for (std::size_t type = 0; type < room.size(); ++type) {
        double used = 0;
        for (std::size_t m = 0; m < alike.size(); ++m) used += shares[m][type] * alike[m].gpus;
        CHECK(used <= room[type] + 1e-6);
      }
      for (std::size_t m = 1; m < alike.size(); ++m)
        if (alike[m].throughput == alike[m - 1].throughput && alike[m].gpus == alike[m - 1].gpus)
          CHECK(shares[m] == shares[m - 1]);
    }
  }
}
