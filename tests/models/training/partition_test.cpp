// Stage determination: dynamic programming against brute force, and what it must keep.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "models/base/random.hpp"
#include "models/training/stage_partition.hpp"

using namespace orrery::models;

namespace {

/// The least value over all partitions and sizes, by going through all of them.
double brute_force(const std::vector<double>& loads, int stages, int gpus, PartitionGoal goal,
                   StageSizes sizes) {
  const double total = std::accumulate(loads.begin(), loads.end(), 0.0);
  double least = HUGE_VAL;
  const std::function<void(int, int, int, double)> go = [&](int stage, int first, int left,
                                                            double so_far) {
    if (stage == stages) {
      if (first == static_cast<int>(loads.size()) && left == 0) least = std::min(least, so_far);
      return;
    }
    double fraction = 0;
    for (int end = first; end < static_cast<int>(loads.size()); ++end) {
      fraction += gpus * loads[static_cast<std::size_t>(end)] / total;
      for (int x = 1; x <= left; x *= 2) {
        if (sizes == StageSizes::equal && x * stages != gpus) continue;
        const double own =
            goal == PartitionGoal::imbalance ? (fraction - x) * (fraction - x) : fraction / x;
        go(stage + 1, end + 1, left - x,
           goal == PartitionGoal::imbalance ? so_far + own : std::max(so_far, own));
      }
    }
  };
  go(0, 0, gpus, 0);
  return goal == PartitionGoal::imbalance ? std::sqrt(least) : least;
}

double value_of(const StagePartition& partition, const std::vector<double>& loads, int gpus,
                PartitionGoal goal) {
  if (goal == PartitionGoal::imbalance) return partition.imbalance;
  const double total = std::accumulate(loads.begin(), loads.end(), 0.0);
  double most = 0;
  for (const StageShare& share : partition.stages) {
    double sum = 0;
    for (int k = share.first_layer; k < share.first_layer + share.layers; ++k)
      sum += loads[static_cast<std::size_t>(k)];
    most = std::max(most, gpus * sum / total / share.gpus);
  }
  return most;
}

void check_covers(const StagePartition& partition, int layers, int gpus) {
  int next = 0;
  int given = 0;
  for (const StageShare& share : partition.stages) {
    CHECK(share.first_layer == next);
    CHECK(share.layers >= 1);
    CHECK((share.gpus & (share.gpus - 1)) == 0);
    next += share.layers;
    given += share.gpus;
  }
  CHECK(next == layers);
  CHECK(given == gpus);
}

}  // namespace

TEST_CASE("partitions are as good as the best of all") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    orrery::base::RandomStream random(seed, "partitions");
    CAPTURE(seed);
    std::vector<double> loads;
    const std::uint64_t layers = 1 + random.below(8);
    for (std::uint64_t k = 0; k < layers; ++k) loads.push_back(0.1 + random.uniform());
    const int stages = 1 << random.below(3);
    const int gpus = 1 << random.below(4);
    for (const auto goal : {PartitionGoal::imbalance, PartitionGoal::slowest_stage}) {
      for (const auto sizes : {StageSizes::powers_of_two, StageSizes::equal}) {
        const auto found = best_partition(loads, stages, gpus, goal, sizes);
        const double least = brute_force(loads, stages, gpus, goal, sizes);
        REQUIRE(found.has_value() == std::isfinite(least));
        if (!found) continue;
        check_covers(*found, static_cast<int>(layers), gpus);
        CHECK(value_of(*found, loads, gpus, goal) == doctest::Approx(least).epsilon(1e-9));
      }
    }
  }
}

TEST_CASE("equal layers on equal stages balance exactly") {
  const auto found = best_partition(std::vector<double>(12, 1.0), 4, 8, PartitionGoal::imbalance,
                                    StageSizes::powers_of_two);
  REQUIRE(found.has_value());
  CHECK(found->imbalance == doctest::Approx(0));
  for (const StageShare& share : found->stages) CHECK(share == StageShare{share.first_layer, 3, 2});
}

TEST_CASE("a heavy layer gets more GPUs") {
  const auto found =
      best_partition({6, 1, 1}, 2, 8, PartitionGoal::imbalance, StageSizes::powers_of_two);
  CHECK_FALSE(found->stages.empty());
  const auto skewed =
      best_partition({4, 1, 1}, 3, 6, PartitionGoal::imbalance, StageSizes::powers_of_two);
  REQUIRE(skewed.has_value());
  CHECK(skewed->stages[0].gpus == 4);
  CHECK(skewed->imbalance == doctest::Approx(0));
}

TEST_CASE("candidates are few and distinct") {
  const auto candidates = candidate_partitions({3, 1, 1, 1, 2, 2, 1, 1}, 4, 8);
  CHECK(!candidates.empty());
  CHECK(candidates.size() <= 3);
  for (std::size_t i = 0; i < candidates.size(); ++i)
    for (std::size_t j = i + 1; j < candidates.size(); ++j)
      CHECK(candidates[i].stages != candidates[j].stages);
  CHECK(candidate_partitions({1, 1}, 4, 8).empty());
}
