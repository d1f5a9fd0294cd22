// The tuner's set: nobody in it is dominated, and thinning keeps the spread.
#include <doctest/doctest.h>

#include <algorithm>

#include "models/base/random.hpp"
#include "models/training/tuner.hpp"

using namespace orrery::models;

namespace {

PlanEstimate plan(double imbalance, double bytes, const std::vector<int>& layers = {4, 4}) {
  PlanEstimate e;
  e.imbalance = imbalance;
  e.end_to_end_bytes = bytes;
  int first = 0;
  for (const int count : layers) {
    e.plan.stages.push_back({first, count, 1, 1});
    first += count;
  }
  return e;
}

}  // namespace

TEST_CASE("dominated plans are left out") {
  const std::vector<PlanEstimate> plans{plan(3, 3), plan(1, 5), plan(4, 4), plan(5, 1), plan(2, 2)};
  CHECK(nondominated(plans) == std::vector<std::size_t>{1, 3, 4});
}

TEST_CASE("where collectives are insignificant only a ten times smaller imbalance counts") {
  std::vector<PlanEstimate> plans{plan(1, 9), plan(0.2, 10), plan(0.05, 20)};
  for (PlanEstimate& e : plans) e.compute_bound = true;
  CHECK(nondominated(plans) == std::vector<std::size_t>{1, 2});
}

TEST_CASE("the distance of plans is the layers that change their stage") {
  CHECK(plan_distance(plan(0, 0, {4, 4}).plan, plan(0, 0, {4, 4}).plan) == 0);
  CHECK(plan_distance(plan(0, 0, {4, 4}).plan, plan(0, 0, {5, 3}).plan) == 1);
  CHECK(plan_distance(plan(0, 0, {4, 4}).plan, plan(0, 0, {2, 2, 4}).plan) == 6);
}

TEST_CASE("the set is thinned by dropping the worse of the closest two") {
  const std::vector<PlanEstimate> plans{plan(1, 9, {4, 4}), plan(2, 8, {5, 3}), plan(3, 1, {1, 7})};
  CHECK(nondominated(plans, 2) == std::vector<std::size_t>{0, 2});
  CHECK(nondominated(plans, 1).size() == 1);
}

TEST_CASE("nobody kept is dominated and everybody left out is") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    orrery::base::RandomStream random(seed, "tuner");
    CAPTURE(seed);
    std::vector<PlanEstimate> plans;
    for (std::uint64_t i = 0; i <= random.below(60); ++i)
      plans.push_back(plan(random.uniform(), random.uniform()));
    const auto kept = nondominated(plans, 1000);
    const auto dominates = [&](std::size_t a, std::size_t b) {
      return plans[a].imbalance <= plans[b].imbalance &&
             plans[a].end_to_end_bytes <= plans[b].end_to_end_bytes && a != b;
    };
    for (std::size_t i = 0; i < plans.size(); ++i) {
      const bool in = std::find(kept.begin(), kept.end(), i) != kept.end();
      const bool beaten = std::any_of(kept.begin(), kept.end(),
                                      [&](std::size_t other) { return dominates(other, i); });
      CHECK(in != beaten);
    }
    CHECK(nondominated(plans, 3).size() <= 3);
  }
}
