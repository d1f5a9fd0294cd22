#include "sim/platform/fabric_shares.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace orrery::platform {

namespace {

// The fixed point of `duty` is known to 1e-5; what lies within is not a change.
constexpr double kNoChange = 2e-5;

}  // namespace

FabricShares::FabricShares(engine::Engine& engine, const Fabric& fabric,
                           models::Contention contention)
    : engine_(engine), contention_(contention) {
  for (const auto& link : fabric.resources().links) capacity_.push_back(link.bytes_per_second);
}

MemberId FabricShares::join(models::JobTraffic traffic, Changed changed) {
  std::vector<engine::LinkId> links;
  for (const models::Crossing& c :
       traffic.phases[models::longest_phase(traffic, capacity_)].crossings)
    links.insert(links.end(), static_cast<std::size_t>(c.times), engine::LinkId(c.link));
  const double alone = models::alone_iteration_seconds(traffic, capacity_);
  const MemberId id(next_++);
  members_.push_back(
      {id, std::move(traffic), alone, engine_.start_flow(links), 1, std::move(changed)});
  request_solving();
  return id;
}

std::vector<FabricShares::Member>::iterator FabricShares::find(MemberId member) {
  const auto at = std::ranges::lower_bound(members_, member, {}, &Member::id);
  return at != members_.end() && at->id == member ? at : members_.end();
}

void FabricShares::leave(MemberId member) {
  const auto found = find(member);
  if (found == members_.end()) return;
  engine_.stop_flow(found->flow);
  members_.erase(found);
  request_solving();
}

void FabricShares::request_solving() {
  if (std::exchange(solving_requested_, true)) return;
  engine_.at(engine_.now_seconds(), engine::Priority::rates, [this] {
    solving_requested_ = false;
    solve();
  });
}

void FabricShares::solve() {
  std::vector<models::SharedJob> jobs;
  jobs.reserve(members_.size());
  for (const Member& member : members_)
    jobs.push_back({&member.traffic, engine_.flow_rate(member.flow)});
  const std::vector<double> seconds =
      models::shared_iteration_seconds(contention_, jobs, capacity_);
  std::vector<std::pair<MemberId, double>> changes;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    Member& member = members_[m];
    double slowdown = std::max(1.0, seconds[m] / member.alone_seconds);
    if (slowdown - 1 <= kNoChange) slowdown = 1;
    if (std::abs(slowdown - member.slowdown) <= kNoChange * member.slowdown &&
        (slowdown > 1 || member.slowdown == 1))
      continue;
    member.slowdown = slowdown;
    changes.emplace_back(member.id, slowdown);
  }
  // Whoever is told may join and leave.
  for (const auto& [id, slowdown] : changes)
    if (const auto member = find(id); member != members_.end()) {
      const Changed changed = member->changed;
      changed(slowdown);
    }
}

}  // namespace orrery::platform
