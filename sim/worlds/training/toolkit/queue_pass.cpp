#include "sim/worlds/training/toolkit/queue_pass.hpp"

#include <algorithm>
#include <functional>

namespace orrery::training {

std::vector<std::pair<std::string, QueueRule>> queue_words() {
  return {{"blocking", QueueRule::blocking},
          {"skipping", QueueRule::skipping},
          {"blocking_per_type", QueueRule::blocking_per_type}};
}

base::Declaration<QueueOptions> declare(const QueueOptions*) {
  base::Declaration<QueueOptions> d("How a queue is served and where its jobs go.");
  d.choice("queue", &QueueOptions::queue, queue_words(),
           "what happens behind a job that does not fit: the queue waits, later jobs may start, or "
           "later jobs may start on other GPU types (blocking, where there is one type)");
  d.choice("placement", &QueueOptions::placement, placement_words(),
           "which GPUs a job gets: packed on few nodes, the first that suffice, packed or else "
           "spread, or any (counted only); whole_nodes: what is larger than a node on wholly free "
           "nodes alone");
  return d;
}

Reason why_not(const platform::PlacementState& state, const Demand& demand) {
  return enough_free(state, demand) ? Reason::fragmented : Reason::not_enough_gpus;
}

Wait wait_of(JobId job, const platform::PlacementState& state, const Demand& demand,
             std::span<const BlockedType> blocked) {
  JobId ahead;
  for (const platform::TypeId type : demand.types) {
    if (state.free_gpus(type) < demand.gpus) continue;
    const auto by = std::ranges::find(blocked, type, &BlockedType::type);
    if (by == blocked.end() || by->by == job) return {job, Reason::fragmented, {}, 0};
    if (ahead.is_none()) ahead = by->by;
  }
  if (ahead.is_none()) return {job, Reason::not_enough_gpus, {}, 0};
  return {job, Reason::behind, ahead, 0};
}

QueueRule rule_on(const platform::PlacementState& state, QueueRule rule) {
  const bool one = rule == QueueRule::blocking_per_type && state.types() == 1;
  return one ? QueueRule::blocking : rule;
}

namespace {

/// Says why jobs wait that have just become pending.
void note_entered(const View& view, const Delta& delta, const Draft& draft, JobId blocker,
                  std::span<const BlockedType> blocked, const std::function<bool(JobId)>& set_aside,
                  Actions& actions) {
  std::vector<JobId> started;
  for (const Action& action : actions.actions) started.push_back(action.job);
  std::sort(started.begin(), started.end());
  const auto note = [&](JobId job) {
    if (job == blocker || std::binary_search(started.begin(), started.end(), job)) return;
    if (set_aside(job))
      actions.waits.push_back({job, Reason::nodes_down, {}, 0});
    else if (blocker.is_none())
      actions.waits.push_back(wait_of(job, draft.state(), view.demand(job), blocked));
    else
      actions.waits.push_back({job, Reason::behind, blocker, 0});
  };
  for (const JobId job : delta.arrived) note(job);
  for (const JobId job : delta.interrupted) note(job);
}

}  // namespace

JobId queue_pass(const View& view, const Delta& delta, const QueueOptions& options,
                 PendingQueue& queue, Draft& draft, Outages& outages, Actions& actions) {
  const QueueRule rule = rule_on(*view.free, options.queue);
  std::vector<platform::TypeId> blocked_types;
  std::vector<BlockedType> blocked;
  JobId blocker;
  bool somebody_waits = false;
  bool first_told = false;
  const auto set_aside = [&](JobId job) { return outages.set_aside(view, job, options.placement); };
  for (PendingQueue::Walk walk(queue); !walk.done();) {
    const JobId job = walk.job();
    const Demand& demand = view.demand(job);
    const bool narrowed = !blocked_types.empty();
    const Demand open = narrowed ? demand.without(blocked_types) : Demand{};
    auto placement = draft.place(narrowed ? open : demand, options.placement);
    if (placement) {
      const Reason reason = somebody_waits ? Reason::skipped_ahead : Reason::queue_order;
      actions.actions.push_back({Action::Kind::start, job, std::move(*placement), reason, {}});
      walk.take();
      continue;
    }
    somebody_waits = true;
    if (set_aside(job)) {
      actions.waits.push_back({job, Reason::nodes_down, {}, 0});
      walk.drop_class();
      continue;
    }
    if (!first_told) actions.waits.push_back({job, why_not(draft.state(), demand), {}, 0});
    first_told = true;
    if (rule == QueueRule::blocking) {
      blocker = job;
      break;
    }
    if (rule == QueueRule::blocking_per_type) {
      blocked_types.insert(blocked_types.end(), demand.types.begin(), demand.types.end());
      for (const platform::TypeId type : demand.types) blocked.push_back({type, job});
    }
    walk.drop_class();
  }
  note_entered(view, delta, draft, blocker, blocked, set_aside, actions);
  return blocker;
}

}  // namespace orrery::training
