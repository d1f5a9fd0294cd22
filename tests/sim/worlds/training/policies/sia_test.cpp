// Sia: the assignment against brute force, running jobs kept or moved, partitions, errors.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/policies/scenario_error.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::error_of;
using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::test::simulate;
using Kind = orrery::training::ClusterEvent::Kind;

namespace {

constexpr std::array<int, 3> kCounts = {1, 2, 4};

/// Samples per second by (model, type, GPUs); 0: cannot run.
using Table = std::map<std::tuple<std::string, std::string, int>, double>;

Table random_table(RandomStream& random, std::size_t models) {
  Table table;
  for (std::size_t m = 0; m < models; ++m)
    for (const char* type : {"v100-32g", "a100-40g"})
      for (const int gpus : kCounts)
        table[{"m" + std::to_string(m), type, gpus}] =
            random.below(6) == 0 ? 0 : gpus * (0.5 + random.uniform());
  return table;
}

/// One node of 4 GPUs of each type, so that whatever is assigned fits.
Scenario two_nodes_of_four(const Table& table) {
  Scenario scenario;
  scenario.node_group(1, 4, "v100-32g").node_group(1, 4, "a100-40g");
  scenario.iteration_seconds = [table](const std::string& model, const std::string& type,
                                       orrery::models::Locality locality) {
    const auto row = table.find({model, type, locality.gpus()});
    const double speed = row == table.end() ? 0 : row->second;
    return speed > 0 ? 1 / speed : std::numeric_limits<double>::infinity();
  };
  return scenario;
}

struct TypeAndGpus {
  int type = -1;
  int gpus = 0;
};

double normalised(const Table& table, std::size_t model, const TypeAndGpus& choice) {
  const std::string name = "m" + std::to_string(model);
  double least = std::numeric_limits<double>::infinity();
  for (const char* type : {"v100-32g", "a100-40g"})
    for (const int gpus : kCounts)
      if (const double speed = table.at({name, type, gpus}); speed > 0)
        least = std::min(least, speed);
  return table.at({name, choice.type == 0 ? "v100-32g" : "a100-40g", choice.gpus}) / least;
}

double utility(double value, double p) {
  return p > 0 ? std::pow(value, p) : 1.1 - std::pow(value, p);
}

/// The best sum of utilities of jobs `from` on, with so many GPUs left.
double best_sum(const Table& table, std::size_t jobs, std::size_t from, int v100, int a100,
                double p) {
  if (from == jobs) return 0;
  double best = best_sum(table, jobs, from + 1, v100, a100, p);
  for (int type = 0; type < 2; ++type) {
    for (const int gpus : kCounts) {
      if (gpus > (type == 0 ? v100 : a100)) continue;
      const double value = normalised(table, from, {type, gpus});
      if (value <= 0) continue;
      best = std::max(
          best, utility(value, p) + best_sum(table, jobs, from + 1, type == 0 ? v100 - gpus : v100,
                                             type == 1 ? a100 - gpus : a100, p));
    }
  }
  return best;
}

}  // namespace

TEST_CASE("Sia's first assignment is the best of all, over random throughputs and exponents") {
  std::size_t compared = 0;
  for (const double p : {-2.0, -0.5, 0.5, 1.0}) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      INFO("p ", p, " seed ", seed);
      RandomStream random(seed, "sia");
      const std::size_t jobs = 2 + random.below(4);
      const Table table = random_table(random, jobs);
      auto scenario = two_nodes_of_four(table);
      for (std::size_t j = 0; j < jobs; ++j) scenario.training(0, 1, "m" + std::to_string(j), 1000);
      scenario.with("sia", "{gap: 0, running: kept, p: " + std::to_string(p) + "}");
      scenario.config.on_oversized_job = orrery::training::OversizedJob::reject;
      scenario.horizon_seconds = 0;
      double sum = 0;
      for (const auto& event : simulate(scenario).events) {
        if (event.kind != Kind::started) continue;
        const TypeAndGpus choice{static_cast<int>(event.placement.front().node.index()),
                                 orrery::platform::gpus_of(event.placement)};
        sum += utility(normalised(table, event.job, choice), p);
      }
      CHECK(sum == doctest::Approx(best_sum(table, jobs, 0, 4, 4, p)).epsilon(1e-9));
      ++compared;
    }
  }
  CHECK(compared == 160);
}

namespace {

/// 20 jobs one after the other, all finished in the end.
Outcome busy(const std::string& options, std::uint64_t seed) {
  RandomStream random(seed, "busy");
  const Table table = random_table(random, 20);
  auto scenario = two_nodes_of_four(table);
  double now = 0;
  for (std::size_t j = 0; j < 20; ++j) {
    now += static_cast<double>(random.below(60));
    scenario.training(now, 1, "m" + std::to_string(j),
                      static_cast<std::int64_t>(50 + random.below(300)));
  }
  scenario.config.on_oversized_job = orrery::training::OversizedJob::reject;
  return simulate(scenario.with("sia", options));
}

std::size_t changes(const Outcome& outcome) {
  std::size_t found = 0;
  for (const auto& event : outcome.events) found += event.kind == Kind::changed;
  return found;
}

}  // namespace

TEST_CASE("Sia moves and resizes running jobs only where it may, and never stops one") {
  std::size_t moved = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    INFO("seed ", seed);
    const Outcome movable = busy("{}", seed);
    const Outcome kept = busy("{running: kept}", seed);
    CHECK(movable.all_done);
    CHECK(kept.all_done);
    CHECK(changes(kept) == 0);
    moved += changes(movable);
    for (const auto& event : movable.events) CHECK(event.kind != Kind::preempted);
  }
  CHECK(moved > 30);
}

TEST_CASE("Sia in partitions finishes all jobs, too") {
  for (const int size : {1, 2, 7})
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      INFO("partition ", size, " seed ", seed);
      CHECK(busy("{partition: " + std::to_string(size) + "}", seed).all_done);
      CHECK(busy("{running: kept, partition: " + std::to_string(size) + "}", seed).all_done);
    }
}

TEST_CASE("Sia refuses exponents that say nothing") {
  RandomStream random(1, "sia");
  const auto scenario = two_nodes_of_four(random_table(random, 1)).training(0, 1, "m0", 10);
  for (const char* p : {"0", "5", "-4.5", "nan"})
    CHECK(
        error_of(Scenario(scenario).with("sia", std::string("{p: ") + p + "}")).find("expected") !=
        std::string::npos);
  CHECK(error_of(Scenario(scenario).with("sia", "{p: 0}")) ==
        "found 0, expected an exponent from -4 to 4 other than 0");
}

TEST_CASE("Sia goes on where its budget is too small, and counts it") {
  Table table;
  for (const char* type : {"v100-32g", "a100-40g"})
    for (const int gpus : kCounts) table[{"m0", type, gpus}] = gpus;
  Scenario scenario = two_nodes_of_four(table);
  for (int j = 0; j < 6; ++j) scenario.training(10.0 * j, 2, "m0", 400);
  const Outcome outcome = simulate(Scenario(scenario).with("sia", "{pivots: 1}"));
  CHECK(outcome.counts.given_up_programs > 0);
  CHECK(outcome.counts.finished == 6);
  // Who comes first takes a whole node, the fastest choice that is left; who runs keeps it.
  CHECK(outcome.finish[0] == doctest::Approx(100));
  CHECK(outcome.start[1] == 10);
  CHECK(outcome.finish[1] == doctest::Approx(110));
  CHECK(outcome.start[2] == doctest::Approx(100));
  const Outcome solved = simulate(Scenario(scenario).with("sia"));
  CHECK(solved.counts.given_up_programs == 0);
  CHECK(solved.counts.finished == 6);
}
