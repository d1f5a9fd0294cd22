#include "sim/worlds/training/toolkit/reallocation.hpp"

#include <algorithm>
#include <optional>

#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/toolkit/active_jobs.hpp"
#include "sim/worlds/training/toolkit/queue_pass.hpp"

namespace orrery::training {

using platform::NodeId;
using platform::NodeShare;
using platform::Placement;
using platform::PlacementState;
using platform::TypeId;

namespace {

class Plan {
 public:
  Plan(const View& view, const ReallocationRules& rules)
      : view_(view), rules_(rules), free_(*view.free) {}

  void run(const std::vector<Assignment>& wanted, Actions& actions) {
    for (const Assignment& assignment : wanted) enter(assignment);
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      return a.wanted.to.gpus > b.wanted.to.gpus;
    });
    for (Entry& entry : entries_)
      if (!entry.placed()) entry.now = closest(entry);
    if (rules_.repack) repack_types();
    for (Entry& entry : entries_)
      if (!entry.placed() && rules_.spread) entry.now = spread(entry);
    for (Entry& entry : entries_)
      if (!entry.placed()) entry.now = again(entry.before());
    for (const Entry& entry : entries_) act(entry, actions);
  }

 private:
  struct Entry {
    Assignment wanted;
    const Placement* held = nullptr;
    std::optional<Placement> now;

    bool placed() const { return now.has_value() || wanted.to.gpus == 0; }
    Placement before() const { return held == nullptr ? Placement{} : *held; }
  };

  void enter(const Assignment& wanted) {
    Entry entry{wanted, nullptr, std::nullopt};
    const Configuration present = held(view_, wanted.job);
    if (present.gpus > 0) entry.held = &view_.placements[wanted.job.index()];
    if (present.gpus > 0 && present == wanted.to)
      entry.now = *entry.held;
    else if (present.gpus > 0)
      give_back(free_, *entry.held);
    entries_.push_back(std::move(entry));
  }

  /// `nodes` x `gpus_per_node`, on the nodes with the fewest free GPUs that suffice.
  std::optional<Placement> evenly(TypeId type, models::Locality locality) {
    if (free_.free_gpus(type) < locality.gpus()) return std::nullopt;
    Placement placement;
    if (locality.nodes == 1) {
      const auto node = free_.fewest_sufficient(type, locality.gpus_per_node);
      if (!node) return std::nullopt;
      placement.push_back({*node, locality.gpus_per_node});
    } else {
      std::vector<NodeId> nodes;
      for (std::size_t n = 0; n < view_.nodes.size(); ++n)
        if (view_.nodes[n].type == type && free_.can_take({NodeId(n), locality.gpus_per_node}))
          nodes.emplace_back(n);
      if (nodes.size() < static_cast<std::size_t>(locality.nodes)) return std::nullopt;
      std::stable_sort(nodes.begin(), nodes.end(),
                       [&](NodeId a, NodeId b) { return free_.free_on(a) < free_.free_on(b); });
      nodes.resize(static_cast<std::size_t>(locality.nodes));
      for (const NodeId node : nodes) placement.push_back({node, locality.gpus_per_node});
    }
    for (NodeShare& share : placement) free_.take(share);
    return placement;
  }

  std::optional<Placement> as_asked(const Entry& entry, PlacementRule rule) {
    Demand demand = view_.demand(entry.wanted.job);
    demand.types = {entry.wanted.to.type};
    return place(free_, demand, rule);
  }

  models::Locality best(const Entry& entry) const {
    const Configuration to = entry.wanted.to;
    return models::best_locality(to.gpus, view_.throughput->node_capacity(to.type.index()));
  }

  std::optional<Placement> closest(const Entry& entry) {
    if (is_rigid(view_, entry.wanted.job)) return as_asked(entry, PlacementRule::consolidated);
    return evenly(entry.wanted.to.type, best(entry));
  }

  std::optional<Placement> spread(const Entry& entry) {
    const JobId job = entry.wanted.job;
    const TypeId type = entry.wanted.to.type;
    if (is_rigid(view_, job)) return as_asked(entry, PlacementRule::best_fit);
    models::Locality locality = best(entry);
    while (locality.gpus_per_node % 2 == 0) {
      locality = {locality.nodes * 2, locality.gpus_per_node / 2};
      if (!view_.throughput->of(view_.task(job), type.index(), locality).feasible()) break;
      if (auto placement = evenly(type, locality)) return placement;
    }
    return std::nullopt;
  }

  /// The very GPUs of a placement, where they are free.
  std::optional<Placement> again(const Placement& placement) {
    if (placement.empty()) return std::nullopt;
    for (const NodeShare& share : placement)
      if (!free_.can_take(share)) return std::nullopt;
    Placement taken = placement;
    for (NodeShare& share : taken) free_.take(share);
    return taken;
  }

  /// As many GPUs of the same nodes as before, whichever are free.
  std::optional<Placement> same_nodes(const Entry& entry) {
    if (entry.held == nullptr || held(view_, entry.wanted.job) != entry.wanted.to)
      return std::nullopt;
    if (auto kept = again(*entry.held)) return kept;
    Placement anyhow = *entry.held;
    for (NodeShare& share : anyhow) share.slots = 0;
    const auto fits = [&](const NodeShare& share) { return free_.can_take(share); };
    if (!std::ranges::all_of(anyhow, fits)) return std::nullopt;
    for (NodeShare& share : anyhow) free_.take(share);
    return anyhow;
  }

  void repack_types() {
    for (std::size_t type = 0; type < free_.types(); ++type) {
      const auto misses = [&](const Entry& entry) {
        return !entry.placed() && entry.wanted.to.type == TypeId(type);
      };
      if (std::ranges::any_of(entries_, misses)) repack(TypeId(type));
    }
  }

  /// All jobs of a type from the largest to the smallest, on their old nodes where these are free.
  void repack(TypeId type) {
    const PlacementState before = free_;
    std::vector<Entry*> members;
    std::vector<std::optional<Placement>> old;
    for (Entry& entry : entries_) {
      if (entry.wanted.to.gpus == 0 || entry.wanted.to.type != type) continue;
      members.push_back(&entry);
      old.push_back(entry.now);
      if (entry.now) give_back(free_, *entry.now);
    }
    bool all = true;
    for (Entry* entry : members) {
      entry->now = same_nodes(*entry);
      if (!entry->now) entry->now = closest(*entry);
      all = all && entry->now;
    }
    if (all) return;
    free_ = before;
    for (std::size_t m = 0; m < members.size(); ++m) members[m]->now = old[m];
  }

  void act(const Entry& entry, Actions& actions) const {
    const auto [job, to, reason] = entry.wanted;
    if (entry.held == nullptr) {
      if (entry.now)
        actions.actions.push_back({Action::Kind::start, job, *entry.now, reason, {}});
      else if (to.gpus > 0)
        actions.waits.push_back({job, why_not_here(to), {}, 0});
    } else if (!entry.now) {
      actions.actions.push_back({Action::Kind::preempt, job, {}, Reason::made_room, {}});
    } else if (*entry.now != *entry.held) {
      const bool resized = held(view_, job) != to;
      actions.actions.push_back(
          {Action::Kind::change, job, *entry.now, resized ? reason : Reason::made_room, {}});
    }
  }

  Reason why_not_here(Configuration to) const {
    return free_.free_gpus(to.type) >= to.gpus ? Reason::fragmented : Reason::not_enough_gpus;
  }

  const View& view_;
  ReallocationRules rules_;
  PlacementState free_;
  std::vector<Entry> entries_;
};

}  // namespace

void reallocate(const View& view, const std::vector<Assignment>& wanted,
                const ReallocationRules& rules, Actions& actions) {
  Plan(view, rules).run(wanted, actions);
}

}  // namespace orrery::training
