#include "sim/worlds/training/policies/arena_rivals/admissions.hpp"

#include <algorithm>

#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/toolkit/active_jobs.hpp"

namespace orrery::policies {

using namespace training;
using platform::Placement;
using platform::TypeId;

bool may_use(const View& view, JobId job, TypeId type) {
  if (view.types_are_preferences && !is_rigid(view, job)) return true;
  return std::ranges::count(view.demand(job).types, type) > 0;
}

bool runs_somewhere(const View& view, JobId job) {
  if (is_rigid(view, job)) return true;
  const std::int32_t gpus = view.demand(job).gpus;
  for (std::size_t type = 0; type < view.free->types(); ++type)
    if (may_use(view, job, TypeId(type)) &&
        view.best_plan->best(view.task(job), type, gpus).feasible())
      return true;
  return false;
}

Actions Admissions::decide(const View& view, const Delta& delta) {
  Actions actions;
  begin(view, delta);
  for (const JobId job : delta.interrupted) waiting_.push_back(job);
  // Where nodes fail, all jobs may be waiting and none left to end.
  const bool room = !delta.finished.empty() || !delta.interrupted.empty() ||
                    !delta.failed_nodes.empty() || !delta.repaired_nodes.empty();
  if (room) try_waiting(view, actions);
  for (const JobId job : delta.arrived) {
    if (!runs_somewhere(view, job)) {
      actions.waits.push_back({job, Reason::cannot_run, {}, 0});
    } else if (!take_in(view, job, true)) {
      waiting_.push_back(job);
      actions.waits.push_back({job, Reason::not_enough_gpus, {}, 0});
    }
  }
  act(view, actions);
  return actions;
}

void Admissions::begin(const View& view, const Delta& delta) {
  std::erase_if(admitted_, [&](const AdmittedJob& a) { return !is_running(view, a.job); });
  if (!delta.failed_nodes.empty())
    for (AdmittedJob& a : admitted_) a.believed = held(view, a.job);
  std::erase_if(waiting_, [&](JobId job) { return view.at(job).state != JobState::pending; });
  free_ = *view.free;
  placed_.clear();
  started_.clear();
  for (const JobId job : view.running) placed_[job] = view.placements[job.index()];
}

void Admissions::try_waiting(const View& view, Actions& actions) {
  std::vector<JobId> blocking;
  std::erase_if(waiting_, [&](JobId job) {
    const auto before = std::ranges::find_if(
        blocking, [&](JobId other) { return view.demand(other).types == view.demand(job).types; });
    if (before != blocking.end()) {
      actions.waits.push_back({job, Reason::behind, *before, 0});
      return false;
    }
    if (take_in(view, job, false)) return true;
    actions.waits.push_back({job, Reason::not_enough_gpus, {}, 0});
    if (blocks()) blocking.push_back(job);
    return false;
  });
}

bool Admissions::take_in(const View& view, JobId job, bool arrival) {
  const std::optional<Allocation> given = allocate(view, job);
  if (!given) return false;
  struct Moved {
    JobId job;
    Configuration to;
  };
  std::vector<Moved> moved;
  for (std::size_t m = 0; m < admitted_.size(); ++m) {
    Configuration& believed = admitted_[m].believed;
    const Configuration& after = (*given)[m];
    if (after.type != believed.type)
      moved.push_back({admitted_[m].job, {after.type, moved_gpus(believed, after)}});
    believed = after;
  }
  moved.push_back({job, given->back()});
  platform::PlacementState free = free_;
  for (const Moved& m : moved)
    if (const auto held = placed_.find(m.job); held != placed_.end()) give_back(free, held->second);
  std::vector<Placement> places(moved.size());
  for (std::size_t m = 0; m < moved.size(); ++m)
    if (!place_one(view, moved[m].job, moved[m].to, arrival, free, places[m])) return false;
  for (std::size_t m = 0; m < moved.size(); ++m) placed_[moved[m].job] = std::move(places[m]);
  free_ = std::move(free);
  admitted_.push_back({job, given->back()});
  started_.push_back(job);
  return true;
}

bool Admissions::place_one(const View& view, JobId job, Configuration at, bool arrival,
                           platform::PlacementState& free, Placement& placement) const {
  if (!may_use(view, job, at.type)) return false;
  if (is_rigid(view, job)) {
    Demand demand = view.demand(job);
    demand.types = {at.type};
    auto found = place(free, demand, PlacementRule::worst_fit);
    if (found) placement = std::move(*found);
    return found.has_value();
  }
  models::Locality locality =
      models::best_locality(at.gpus, view.throughput->node_capacity(at.type.index()));
  for (;;) {
    if (!may_run(view, job, at.type, locality, arrival)) return false;
    if (auto found = place_equally(free, at.type, locality)) {
      placement = std::move(*found);
      return true;
    }
    if (locality.gpus_per_node == 1) return false;
    locality.gpus_per_node /= 2;
    locality.nodes = at.gpus / locality.gpus_per_node;
  }
}

void Admissions::act(const View& view, Actions& actions) const {
  for (const JobId job : view.running) {
    const Placement& now = placed_.at(job);
    if (now != view.placements[job.index()])
      actions.actions.push_back({Action::Kind::change, job, now, Reason::upgraded, {}});
  }
  for (const JobId job : started_)
    actions.actions.push_back({Action::Kind::start, job, placed_.at(job), Reason::queue_order, {}});
}

}  // namespace orrery::policies
