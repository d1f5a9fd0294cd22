#include "sim/worlds/training/toolkit/preemptive_pass.hpp"

#include <algorithm>
#include <cassert>
#include <span>

namespace orrery::training {

void PreemptivePass::insertion_sort(std::vector<RankedJob>& jobs) {
  for (std::size_t i = 1; i < jobs.size(); ++i) {
    const RankedJob moved = jobs[i];
    std::size_t to = i;
    for (; to > 0 && moved < jobs[to - 1]; --to) jobs[to] = jobs[to - 1];
    jobs[to] = moved;
  }
}

bool PreemptivePass::take_quota(platform::TypeId type, const Demand& demand) {
  std::int64_t& left = quota_milli_[type.index()];
  if (left < demand.total_milli()) return false;
  left -= demand.total_milli();
  return true;
}

bool PreemptivePass::take_quota(const Demand& demand) {
  return std::ranges::any_of(demand.types,
                             [&](platform::TypeId type) { return take_quota(type, demand); });
}

void PreemptivePass::pick(const View& view, PendingQueue& pending, Actions& actions) {
  kept_.clear();
  picks_.clear();
  victims_.clear();
  quota_milli_.clear();
  for (std::size_t type = 0; type < view.free->types(); ++type)
    quota_milli_.push_back(std::int64_t{1000} * view.free->up_gpus(platform::TypeId(type)));

  PendingQueue::Walk walk(pending);
  auto running = running_.begin();
  // True when the walk ends at a job that was not picked.
  const auto stop_at = [&](std::span<const platform::TypeId> types) {
    if (options_.queue == QueueRule::blocking_per_type)
      for (const platform::TypeId type : types) quota_milli_[type.index()] = 0;
    return options_.queue == QueueRule::blocking;
  };
  while (running != running_.end() || !walk.done()) {
    const bool running_first =
        running != running_.end() && (walk.done() || *running < RankedJob{walk.key(), walk.job()});
    if (running_first) {
      const JobId job = running->job;
      const platform::NodeId node = view.placements[job.index()].front().node;
      const platform::TypeId type = view.nodes[node.index()].type;
      const bool picked = take_quota(type, view.demand(job));
      (picked ? kept_ : victims_).push_back(*running++);
      if (!picked && stop_at({&type, 1})) break;
    } else if (outages_.set_aside(view, walk.job(), options_.placement)) {
      actions.waits.push_back({walk.job(), Reason::nodes_down, {}, 0});
      walk.drop_class();
    } else if (take_quota(view.demand(walk.job()))) {
      picks_.push_back({walk.key(), walk.job()});
      walk.pass();
    } else {
      if (stop_at(view.demand(walk.job()).types)) break;
      walk.drop_class();
    }
  }
  victims_.insert(victims_.end(), running, running_.end());
}

void PreemptivePass::preempt_victims(const View& view, Actions& actions) {
  const JobId because = picks_.empty() ? JobId{} : picks_.front().job;
  for (const RankedJob& victim : victims_) {
    actions.actions.push_back({Action::Kind::preempt, victim.job, {}, preempted_because_, because});
    give_back(draft_.writable(), view.placements[victim.job.index()]);
  }
}

void PreemptivePass::place_picks(const View& view, PendingQueue& pending, Actions& actions) {
  std::vector<DemandId> failed;
  std::vector<platform::TypeId> blocked;
  for (const RankedJob& pick : picks_) {
    const DemandId id = view.demand_of[pick.job.index()];
    if (std::ranges::find(failed, id) != failed.end()) continue;
    const Demand& demand = view.demand(pick.job);
    auto placement =
        draft_.place(blocked.empty() ? demand : demand.without(blocked), options_.placement);
    if (!placement) {
      const Reason reason = why_not(draft_.state(), demand);
      actions.waits.push_back({pick.job, reason, {}, 0});
      if (options_.queue == QueueRule::blocking) break;
      failed.push_back(id);
      if (options_.queue == QueueRule::blocking_per_type)
        blocked.insert(blocked.end(), demand.types.begin(), demand.types.end());
      continue;
    }
    pending.erase(pick.job, id, pick.key);
    kept_.push_back(pick);
    actions.actions.push_back(
        {Action::Kind::start, pick.job, std::move(*placement), Reason::queue_order, {}});
  }
}

void PreemptivePass::note_waits(const View& view, const Delta& delta, Actions& actions) {
  std::vector<JobId> placed;
  for (const RankedJob& kept : kept_) placed.push_back(kept.job);
  std::sort(placed.begin(), placed.end());
  const std::vector<Wait> unplaced = actions.waits;
  for (const JobId job : delta.arrived) {
    if (std::binary_search(placed.begin(), placed.end(), job)) continue;
    const auto noted = [&](const Wait& wait) { return wait.job == job; };
    if (std::ranges::any_of(unplaced, noted)) continue;
    const bool set_aside = outages_.set_aside(view, job, options_.placement);
    const Reason why = set_aside ? Reason::nodes_down : why_not(draft_.state(), view.demand(job));
    actions.waits.push_back({job, why, {}, 0});
  }
}

void PreemptivePass::run(const View& view, const Delta& delta, PendingQueue& pending,
                         Actions& actions) {
  assert(running_.size() == view.running.size());
  draft_.begin(*view.free);
  outages_.update(view, delta);
  pick(view, pending, actions);
  preempt_victims(view, actions);
  place_picks(view, pending, actions);
  note_waits(view, delta, actions);
  running_.swap(kept_);
}

}  // namespace orrery::training
