#include "sim/worlds/training/toolkit/preemptive_pass.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
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

platform::TypeId PreemptivePass::take_quota(const Demand& demand) {
  const auto found = std::ranges::find_if(
      demand.types, [&](platform::TypeId type) { return take_quota(type, demand); });
  return found == demand.types.end() ? platform::TypeId{} : *found;
}

void PreemptivePass::pick(const View& view, PendingQueue& pending, Actions& actions) {
  kept_.clear();
  picks_.clear();
  victims_.clear();
  blocked_.clear();
  blocker_ = {};
  quota_milli_.clear();
  for (std::size_t type = 0; type < view.free->types(); ++type)
    quota_milli_.push_back(std::int64_t{1000} * view.free->up_gpus(platform::TypeId(type)));

  PendingQueue::Walk walk(pending);
  auto running = running_.begin();
  // True when the walk ends at a job that was not picked.
  const auto stop_at = [&](JobId job, std::span<const platform::TypeId> types) {
    if (rule_ == QueueRule::blocking_per_type) {
      for (const platform::TypeId type : types) {
        quota_milli_[type.index()] = 0;
        blocked_.push_back({type, job});
      }
    }
    if (rule_ != QueueRule::blocking) return false;
    blocker_ = job;
    return true;
  };
  while (running != running_.end() || !walk.done()) {
    const bool running_first =
        running != running_.end() && (walk.done() || *running < RankedJob{walk.key(), walk.job()});
    if (running_first) {
      const JobId job = running->job;
      const platform::NodeId node = view.placements[job.index()].front().node;
      const platform::TypeId type = view.nodes[node.index()].type;
      const RankedJob ranked = *running++;
      if (take_quota(type, view.demand(job))) {
        kept_.push_back(ranked);
        continue;
      }
      victims_.push_back(ranked);
      const auto other = take_quota(view.demand(job));
      if (!other.is_none())
        picks_.push_back({ranked, other, blocked_.size(), true});
      else if (stop_at(job, {&type, 1}))
        break;
    } else if (outages_.set_aside(view, walk.job(), options_.placement)) {
      actions.waits.push_back({walk.job(), Reason::nodes_down, {}, 0});
      walk.drop_class();
    } else if (const auto type = take_quota(view.demand(walk.job())); !type.is_none()) {
      picks_.push_back({{walk.key(), walk.job()}, type, blocked_.size()});
      walk.pass();
    } else {
      if (stop_at(walk.job(), view.demand(walk.job()).types)) break;
      walk.drop_class();
    }
  }
  victims_.insert(victims_.end(), running, running_.end());
}

void PreemptivePass::preempt_victims(const View& view, Actions& actions) {
  const auto first = std::ranges::find(picks_, false, &Pick::moves);
  const JobId because = first == picks_.end() ? JobId{} : first->ranked.job;
  for (const RankedJob& victim : victims_) {
    actions.actions.push_back({Action::Kind::preempt, victim.job, {}, preempted_because_, because});
    give_back(draft_.writable(), view.placements[victim.job.index()]);
  }
}

Demand PreemptivePass::open_to(const View& view, const Pick& pick,
                               std::size_t first_unplaced) const {
  std::vector<platform::TypeId> shut;
  for (std::size_t i = 0; i < blocked_.size(); ++i)
    if (i < pick.closed || i >= first_unplaced) shut.push_back(blocked_[i].type);
  Demand open = view.demand(pick.ranked.job).without(shut);
  const auto counted = [&](platform::TypeId type) { return type == pick.type; };
  if (pick.moves)
    std::erase_if(open.types, std::not_fn(counted));
  else
    std::stable_partition(open.types.begin(), open.types.end(), counted);
  return open;
}

void PreemptivePass::place_picks(const View& view, PendingQueue& pending, Actions& actions) {
  std::vector<DemandId> failed;
  const std::size_t first_unplaced = blocked_.size();
  for (const Pick& pick : picks_) {
    const JobId job = pick.ranked.job;
    const DemandId id = view.demand_of[job.index()];
    if (!pick.moves && std::ranges::find(failed, id) != failed.end()) continue;
    const Demand& demand = view.demand(job);
    const bool one_type = demand.types.size() == 1 && blocked_.size() == first_unplaced;
    const Demand open = one_type ? Demand{} : open_to(view, pick, first_unplaced);
    auto placement = draft_.place(one_type ? demand : open, options_.placement);
    if (!placement) {
      const Reason reason = why_not(draft_.state(), one_type ? demand : open);
      actions.waits.push_back({job, reason, {}, 0});
      if (rule_ == QueueRule::blocking) {
        blocker_ = job;
        break;
      }
      const auto& tried = one_type ? demand.types : open.types;
      if (!pick.moves) failed.push_back(id);
      if (rule_ == QueueRule::blocking_per_type)
        for (const platform::TypeId type : tried) blocked_.push_back({type, job});
      continue;
    }
    if (pick.moves)
      std::erase_if(victims_, [job](const RankedJob& victim) { return victim.job == job; });
    else
      pending.erase(job, id, pick.ranked.key);
    kept_.push_back(pick.ranked);
    actions.actions.push_back(
        {Action::Kind::start, job, std::move(*placement), Reason::queue_order, {}});
  }
}

void PreemptivePass::note_waits(const View& view, const Delta& delta, Actions& actions) {
  std::vector<JobId> placed;
  for (const RankedJob& kept : kept_) placed.push_back(kept.job);
  std::sort(placed.begin(), placed.end());
  const std::vector<Wait> unplaced = actions.waits;
  const auto note = [&](JobId job) {
    if (std::binary_search(placed.begin(), placed.end(), job)) return;
    const auto noted = [&](const Wait& wait) { return wait.job == job; };
    if (std::ranges::any_of(unplaced, noted)) return;
    const bool set_aside = outages_.set_aside(view, job, options_.placement);
    if (set_aside)
      actions.waits.push_back({job, Reason::nodes_down, {}, 0});
    else if (blocker_.is_none() || blocker_ == job)
      actions.waits.push_back(wait_of(job, draft_.state(), view.demand(job), blocked_));
    else
      actions.waits.push_back({job, Reason::behind, blocker_, 0});
  };
  for (const JobId job : delta.arrived) note(job);
  for (const JobId job : delta.interrupted) note(job);
  for (const RankedJob& victim : victims_) note(victim.job);
}

void PreemptivePass::run(const View& view, const Delta& delta, PendingQueue& pending,
                         Actions& actions) {
  assert(running_.size() == view.running.size());
  draft_.begin(*view.free);
  outages_.update(view, delta);
  rule_ = rule_on(*view.free, options_.queue);
  pick(view, pending, actions);
  preempt_victims(view, actions);
  place_picks(view, pending, actions);
  note_waits(view, delta, actions);
  running_.swap(kept_);
}

}  // namespace orrery::training
