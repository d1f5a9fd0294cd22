#include "sim/worlds/training/shared_fabric.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace orrery::training {

namespace {

// The fixed point of `duty` is known to 1e-5; what lies within is no change.
constexpr double kNoChange = 2e-5;

}  // namespace

SharedFabric::SharedFabric(engine::Engine& engine, const platform::Fabric& fabric,
                           models::Contention contention)
    : engine_(engine), contention_(contention) {
  for (const auto& link : fabric.resources().links) capacity_.push_back(link.bytes_per_second);
}

void SharedFabric::join(JobId job, models::JobTraffic traffic) {
  std::vector<engine::LinkId> links;
  for (const models::Crossing& c :
       traffic.phases[models::longest_phase(traffic, capacity_)].crossings)
    links.insert(links.end(), static_cast<std::size_t>(c.times), engine::LinkId(c.link));
  const double alone = models::alone_iteration_seconds(traffic, capacity_);
  members_.push_back({job, std::move(traffic), alone, engine_.start_flow(links), 1});
}

bool SharedFabric::leave(JobId job) {
  const auto found = std::ranges::find(members_, job, &Member::job);
  if (found == members_.end()) return false;
  engine_.stop_flow(found->flow);
  members_.erase(found);
  return true;
}

std::vector<SharedFabric::Change> SharedFabric::solve() {
  std::vector<models::SharedJob> jobs;
  jobs.reserve(members_.size());
  for (const Member& member : members_)
    jobs.push_back({&member.traffic, engine_.flow_rate(member.flow)});
  const std::vector<double> seconds =
      models::shared_iteration_seconds(contention_, jobs, capacity_);
  std::vector<Change> changes;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    Member& member = members_[m];
    double slowdown = std::max(1.0, seconds[m] / member.alone_seconds);
    if (slowdown - 1 <= kNoChange) slowdown = 1;
    if (std::abs(slowdown - member.slowdown) <= kNoChange * member.slowdown &&
        (slowdown > 1 || member.slowdown == 1))
      continue;
    member.slowdown = slowdown;
    changes.push_back({member.job, slowdown});
  }
  return changes;
}

}  // namespace orrery::training
