#include "sim/worlds/training/job_traffic.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/worlds/training/job_throughputs.hpp"

namespace orrery::training {

namespace {

std::vector<models::Crossing> crossings_of(const std::vector<models::NodeHop>& hops,
                                           const platform::Placement& placement,
                                           const platform::Fabric& fabric) {
  std::vector<models::Crossing> crossings;
  for (const models::NodeHop& hop : hops) {
    const platform::NodeId from = placement[static_cast<std::size_t>(hop.from)].node;
    const platform::NodeId to = placement[static_cast<std::size_t>(hop.to)].node;
    for (const engine::LinkId link : fabric.route(from, to))
      crossings.push_back({static_cast<std::uint32_t>(link.index()), 1});
  }
  return models::joined(std::move(crossings));
}

}  // namespace

models::JobTraffic traffic_of(const models::CommunicationShare& share,
                              const platform::Placement& placement, const platform::Fabric& fabric,
                              std::span<const double> capacity, double iteration_seconds) {
  const std::int32_t per_node = locality_of(placement).gpus_per_node;
  models::JobTraffic traffic{iteration_seconds, {}};
  const auto add = [&](const std::vector<models::NodeHop>& hops, double part) {
    if (hops.empty() || part <= 0) return;
    models::CommunicationPhase phase{0, crossings_of(hops, placement, fabric)};
    const double seconds = part * iteration_seconds;
    phase.bytes = seconds * models::alone_bytes_per_second(phase, capacity);
    traffic.compute_seconds -= seconds;
    traffic.phases.push_back(std::move(phase));
  };
  const auto tensor = models::tensor_hops(share.plan, per_node);
  add(tensor.empty() ? models::data_hops(share.plan, per_node) : tensor, share.within_stages);
  add(models::pipeline_hops(share.plan, per_node), share.between_stages);
  traffic.compute_seconds = std::max(0.0, traffic.compute_seconds);
  return traffic;
}

}  // namespace orrery::training
