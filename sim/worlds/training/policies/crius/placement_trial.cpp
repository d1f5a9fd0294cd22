#include "sim/worlds/training/policies/crius/placement_trial.hpp"

#include <algorithm>

#include "sim/worlds/training/policies/crius/bubble_migration.hpp"

namespace orrery::policies::crius {

bool PlacementTrial::place_at_best(JobId job, Locality best, Request request) {
  const auto needed = static_cast<std::size_t>(best.nodes);
  slots_.idle_nodes(request.type, best.gpus_per_node, needed, nodes_);
  if (nodes_.size() == needed) {
    for (const std::uint32_t node : nodes_) slots_.take_lowest(node, best.gpus_per_node, job);
    return true;
  }
  if (needed > 1) return false;
  // Sorted by free GPUs: only the first can have enough.
  slots_.partial_nodes(request.type, 1, nodes_);
  if (nodes_.empty() || slots_.free_on(nodes_.front()) < request.gpus) return false;
  slots_.take_lowest(nodes_.front(), request.gpus, job);
  return true;
}

double PlacementTrial::place_relaxed(JobId job, Locality best, Request request) {
  slots_.partial_nodes(request.type, request.gpus, partial_);
  for (Locality spread = best; spread.gpus_per_node % 2 == 0;) {
    spread = {spread.nodes * 2, spread.gpus_per_node / 2};
    const double throughput = estimates_.of(job, request.type, spread);
    if (!(throughput > 0)) return 0;
    const auto needed = static_cast<std::size_t>(spread.nodes);
    slots_.idle_nodes(request.type, spread.gpus_per_node, needed, nodes_);
    for (const std::uint32_t node : partial_)
      if (nodes_.size() < needed && slots_.free_on(node) >= spread.gpus_per_node)
        nodes_.push_back(node);
    if (nodes_.size() < needed) continue;
    for (const std::uint32_t node : nodes_) slots_.take_lowest(node, spread.gpus_per_node, job);
    return throughput;
  }
  return 0;
}

bool PlacementTrial::place_anywhere(JobId job, Request request) {
  if (slots_.free_gpus(request.type) < request.gpus) return false;
  std::int32_t left = request.gpus;
  slots_.idle_nodes(request.type, 1, static_cast<std::size_t>(left), nodes_);
  slots_.partial_nodes(request.type, left, partial_);
  nodes_.insert(nodes_.end(), partial_.begin(), partial_.end());
  for (const std::uint32_t node : nodes_) {
    const std::int32_t gpus = std::min(left, slots_.free_on(node));
    if (gpus > 0) slots_.take_lowest(node, gpus, job);
    left -= gpus;
  }
  return true;
}

std::int32_t PlacementTrial::migrate(JobId job, Locality best, Request request, std::int32_t most,
                                     Trial& trial) {
  seen_.assign(1, slots_.hash());
  std::int32_t iterations = 0;
  while (iterations < most) {
    slots_.partial_nodes(request.type, request.gpus, partial_);
    trial.others += migrate_bubbles(slots_, estimates_, partial_, rules_.as_the_artifact);
    ++iterations;
    ++counts_.migrations;
    if (place_at_best(job, best, request)) {
      trial.feasible = true;
      return iterations;
    }
    const auto before = std::ranges::find(seen_, slots_.hash());
    if (before == seen_.end()) {
      seen_.push_back(slots_.hash());
      continue;
    }
    // The state was here before: it goes round for ever.
    if (!rules_.as_the_artifact) return iterations;
    const auto round =
        static_cast<std::int32_t>(seen_.size()) - static_cast<std::int32_t>(before - seen_.begin());
    for (std::int32_t rest = (most - iterations) % round; rest > 0; --rest) {
      slots_.partial_nodes(request.type, request.gpus, partial_);
      trial.others += migrate_bubbles(slots_, estimates_, partial_, rules_.as_the_artifact);
    }
    return most;
  }
  return iterations;
}

Trial PlacementTrial::place(JobId job, Request request, std::int32_t budget) {
  ++counts_.trials;
  Trial trial;
  trial.budget_left = budget;
  const Locality best = estimates_.best_locality(request);
  const double throughput = estimates_.of(job, request.type, best);
  if (!(throughput > 0)) return trial;
  // Migration moves free GPUs about and makes none.
  if (slots_.free_gpus(request.type) < request.gpus) return trial;
  trial.throughput = throughput;
  if (place_at_best(job, best, request)) {
    trial.feasible = true;
    return trial;
  }
  if (rules_.migrate) {
    const std::int32_t most = std::min(budget, rules_.local_budget);
    const std::int32_t took = migrate(job, best, request, most, trial);
    if (trial.feasible) {
      trial.budget_left = budget - took;
      return trial;
    }
    trial.budget_left = budget - took;
  }
  trial.throughput = place_relaxed(job, best, request);
  if (!(trial.throughput > 0) && !estimates_.adapts(job) && place_anywhere(job, request)) {
    trial.throughput = estimates_.of(job, slots_);
    if (!(trial.throughput > 0)) slots_.release_all(job);
  }
  trial.feasible = trial.relaxed = trial.throughput > 0;
  if (!trial.feasible) trial.budget_left = budget;
  return trial;
}

}  // namespace orrery::policies::crius
