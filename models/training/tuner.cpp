#include "models/training/tuner.hpp"

#include <algorithm>
#include <limits>

namespace orrery::models {

namespace {

constexpr double kMuchSmaller = 10;

bool dominates(const PlanEstimate& a, const PlanEstimate& b) {
  if (a.compute_bound && b.compute_bound) return a.imbalance * kMuchSmaller < b.imbalance;
  const bool no_worse = a.imbalance <= b.imbalance && a.end_to_end_bytes <= b.end_to_end_bytes;
  const bool better = a.imbalance < b.imbalance || a.end_to_end_bytes < b.end_to_end_bytes;
  return no_worse && better;
}

/// Whether `a` is the one to drop of two close plans.
bool worse(const PlanEstimate& a, const PlanEstimate& b) {
  if (a.imbalance != b.imbalance) return a.imbalance > b.imbalance;
  return a.end_to_end_bytes > b.end_to_end_bytes;
}

std::vector<int> stage_of_layers(const ParallelPlan& plan) {
  std::vector<int> stages;
  for (std::size_t i = 0; i < plan.stages.size(); ++i)
    stages.insert(stages.end(), static_cast<std::size_t>(plan.stages[i].layers),
                  static_cast<int>(i));
  return stages;
}

void drop_closest(std::span<const PlanEstimate> plans, std::vector<std::size_t>& kept) {
  int least = std::numeric_limits<int>::max();
  std::size_t drop = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (std::size_t j = i + 1; j < kept.size(); ++j) {
      const PlanEstimate& a = plans[kept[i]];
      const PlanEstimate& b = plans[kept[j]];
      const int distance = plan_distance(a.plan, b.plan);
      if (distance >= least) continue;
      least = distance;
      drop = worse(a, b) ? i : j;
    }
  }
  kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(drop));
}

}  // namespace

int plan_distance(const ParallelPlan& a, const ParallelPlan& b) {
  const std::vector<int> left = stage_of_layers(a);
  const std::vector<int> right = stage_of_layers(b);
  const std::size_t common = std::min(left.size(), right.size());
  auto distance = static_cast<int>(std::max(left.size(), right.size()) - common);
  for (std::size_t k = 0; k < common; ++k) distance += left[k] != right[k] ? 1 : 0;
  return distance;
}

std::vector<std::size_t> nondominated(std::span<const PlanEstimate> plans, std::size_t most) {
  std::vector<std::size_t> kept;
  for (std::size_t candidate = 0; candidate < plans.size(); ++candidate) {
    const bool beaten = std::any_of(kept.begin(), kept.end(), [&](std::size_t other) {
      return dominates(plans[other], plans[candidate]);
    });
    if (beaten) continue;
    std::erase_if(kept,
                  [&](std::size_t other) { return dominates(plans[candidate], plans[other]); });
    kept.push_back(candidate);
  }
  while (kept.size() > std::max<std::size_t>(1, most)) drop_closest(plans, kept);
  return kept;
}

}  // namespace orrery::models
