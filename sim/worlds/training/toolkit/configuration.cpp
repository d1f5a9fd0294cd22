#include "sim/worlds/training/toolkit/configuration.hpp"

#include <algorithm>

namespace orrery::training {

using platform::TypeId;

Configuration held(const View& view, JobId job) {
  const platform::Placement& placement = view.placements[job.index()];
  if (placement.empty()) return {};
  return {view.nodes[placement.front().node.index()].type, platform::gpus_of(placement)};
}

bool is_rigid(const View& view, JobId job) {
  return view.task(job).is_none();
}

double believed_throughput(const View& view, JobId job, Configuration at) {
  const Demand& demand = view.demand(job);
  if (is_rigid(view, job)) {
    const bool asked =
        at.gpus == demand.gpus && std::ranges::find(demand.types, at.type) != demand.types.end();
    return asked ? static_cast<double>(demand.total_milli()) / 1000 : 0;
  }
  return view.throughput->best(view.task(job), at.type.index(), at.gpus).samples_per_second;
}

bool has_shape(const View& view, JobId job, Configuration at) {
  const platform::PlacementState& free = *view.free;
  if (at.gpus > free.up_gpus(at.type)) return false;
  if (is_rigid(view, job)) return true;
  models::Locality locality =
      models::best_locality(at.gpus, view.throughput->node_capacity(at.type.index()));
  while (free.up_nodes_with(at.type, locality.gpus_per_node) < locality.nodes) {
    if (locality.gpus_per_node % 2 != 0) return false;
    locality = {locality.nodes * 2, locality.gpus_per_node / 2};
    if (!view.throughput->of(view.task(job), at.type.index(), locality).feasible()) return false;
  }
  return true;
}

std::vector<TypeId> usable_types(const View& view, JobId job) {
  if (is_rigid(view, job) || !view.types_are_preferences) return view.demand(job).types;
  std::vector<TypeId> types;
  for (std::size_t type = 0; type < view.free->types(); ++type) types.emplace_back(type);
  return types;
}

std::vector<RatedConfiguration> configurations(const View& view, JobId job,
                                               std::span<const std::int32_t> counts) {
  const std::int32_t asked = view.demand(job).gpus;
  if (is_rigid(view, job)) counts = {&asked, 1};
  std::vector<RatedConfiguration> found;
  for (const TypeId type : usable_types(view, job)) {
    for (const std::int32_t gpus : counts) {
      if (!has_shape(view, job, {type, gpus})) continue;
      const double throughput = believed_throughput(view, job, {type, gpus});
      if (throughput > 0) found.push_back({{type, gpus}, throughput});
    }
  }
  return found;
}

std::vector<std::int32_t> powers_of_two(std::int32_t largest) {
  std::vector<std::int32_t> counts;
  for (std::int64_t n = 1; n <= largest; n *= 2) counts.push_back(static_cast<std::int32_t>(n));
  return counts;
}

}  // namespace orrery::training
