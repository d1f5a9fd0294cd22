// First in, first out, with migration to better localities and growing into idle GPUs.
//
// Read: Gandiva (Xiao et al., OSDI'18) as the Crius artifact adapts it for its comparison
// (docs/systems/crius.md, "Gandiva in the arena"): jobs keep the GPU type and, but for loans, the
// count they ask for. A job takes its best locality, else one spread over more nodes with half the
// GPUs on each, and so on; a pending job that does not fit blocks its GPU type. When a job has
// left, spread jobs move to fewer nodes, then pending jobs are tried, then running jobs on one node
// double into its idle GPUs while that makes them faster. Grown GPUs are a loan: they count as free
// for every placement, and a job that loses one of them goes back to what it asked for.
// Left out: packing several jobs on a GPU and time slicing, which the adaptation has not.
// Inferred: to migration lent GPUs are not free, neither for the node it wants half idle nor for
// where it moves jobs (the published throughputs are equal only so).
// Ours: several allowed GPU types (tried in their order), shares of a GPU (never grown or moved),
// jobs thrown out by failures (back into the queue by submission), reasons of waits. Under outages
// (ours, toolkit/outages.hpp): a job that fits on no nodes but those that are down blocks no GPU
// type, and pending jobs are tried again when a node fails, since it may have been what blocked.
#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/policy.hpp"
#include "sim/worlds/training/toolkit/queue_pass.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using models::Locality;
using platform::NodeId;
using platform::NodeShare;
using platform::Placement;
using platform::TypeId;

struct GandivaOptions {
  bool migration = true;
  bool growth = true;
  std::int64_t most_moves = 4096;
};
base::Declaration<GandivaOptions> declare(const GandivaOptions*) {
  base::Declaration<GandivaOptions> d("Migration and growth.");
  d.boolean("migration", &GandivaOptions::migration, "spread jobs move to fewer nodes");
  d.boolean("growth", &GandivaOptions::growth, "jobs on one node borrow its idle GPUs");
  d.integer("most_moves", &GandivaOptions::most_moves, "migrations in one pass").at_least(0);
  return d;
}

class Gandiva final : public Policy {
 public:
  explicit Gandiva(const GandivaOptions& options) : options_(options) {}

  Actions decide(const View& view, const Delta& delta) override {
    begin(view, delta);
    outages_.update(view, delta);
    const bool departures = !delta.finished.empty() || !delta.interrupted.empty() ||
                            !delta.failed_nodes.empty() || !delta.repaired_nodes.empty();
    if (departures) {
      if (options_.migration) migrate();
      serve_pending();
      if (options_.growth) grow();
    }
    for (const JobId job : delta.arrived) arrive(job);
    return answer();
  }

 private:
  /// GPUs that a grown job holds beside its own.
  struct Loan {
    NodeId node;
    std::uint64_t own_slots = 0;
    std::uint64_t lent_slots = 0;
  };
  /// Where a running job goes in this pass, and why.
  struct Move {
    Placement placement;
    Reason reason = Reason::upgraded;
    JobId because_of;
  };

  void begin(const View& view, const Delta& delta) {
    view_ = &view;
    moves_.clear();
    started_.clear();
    waits_.clear();
    running_.assign(view.running.begin(), view.running.end());
    for (const JobId job : delta.finished) loans_.erase(job);
    for (const JobId job : delta.interrupted) {
      loans_.erase(job);
      pending_.insert(job);
    }
    free_ = *view.free;
    lent_.assign(view.nodes.size(), 0);
    for (const auto& [job, loan] : loans_) {
      free_.give(share_of(loan.node, loan.lent_slots));
      lent_[loan.node.index()] |= loan.lent_slots;
    }
  }

  static NodeShare share_of(NodeId node, std::uint64_t slots) {
    return {node, std::popcount(slots), 1000, slots};
  }

  /// On twice the nodes; none (no GPUs) where the shares cannot be halved.
  static Locality wider(Locality locality) {
    if (locality.gpus_per_node % 2 != 0) return {locality.nodes, 0};
    return {locality.nodes * 2, locality.gpus_per_node / 2};
  }
  static bool is_one(Locality locality) { return locality.gpus_per_node > 0; }

  const Placement& held(JobId job) const {
    const auto moved = moves_.find(job);
    return moved != moves_.end() ? moved->second.placement : view_->placements[job.index()];
  }
  TypeId type_of(JobId job) const { return view_->nodes[held(job).front().node.index()].type; }
  std::int32_t capacity(TypeId type) const { return free_.largest_node(type); }

  /// Samples per second; without throughputs as many as GPUs.
  double speed(JobId job, TypeId type, Locality locality) const {
    const models::TaskId task = view_->task(job);
    if (task.is_none()) return locality.gpus();
    return view_->throughput->of(task, type.index(), locality).samples_per_second;
  }

  // --- placing -----------------------------------------------------------------------------------

  /// The best locality that fits, then ever wider ones while the job can run on them.
  std::optional<Placement> place(platform::PlacementState& free, JobId job,
                                 const std::set<TypeId>& blocked) const {
    const Demand& demand = view_->demand(job);
    for (const TypeId type : demand.types) {
      // A virtual cluster may have no node of a type.
      if (blocked.contains(type) || capacity(type) == 0) continue;
      if (demand.milli < 1000) {
        Demand one = demand;
        one.types = {type};
        if (auto placement = training::place(free, one, PlacementRule::worst_fit)) return placement;
        continue;
      }
      Locality locality = models::best_locality(demand.gpus, capacity(type));
      for (; is_one(locality) && speed(job, type, locality) > 0; locality = wider(locality))
        if (auto placement = place_equally(free, type, locality)) return placement;
    }
    return std::nullopt;
  }

  bool set_aside(JobId job) {
    return outages_.set_aside(*view_, job,
                              [&](platform::PlacementState& free) { return place(free, job, {}); });
  }

  /// Grown jobs that have lost a lent GPU to `placement` go back to their own.
  void call_in(const Placement& placement, JobId because_of) {
    for (auto at = loans_.begin(); at != loans_.end();) {
      const Loan& loan = at->second;
      const bool lost = std::ranges::any_of(placement, [&](const NodeShare& share) {
        return share.node == loan.node && (share.slots & loan.lent_slots) != 0;
      });
      if (lost) {
        moves_[at->first] = {{share_of(loan.node, loan.own_slots)}, Reason::made_room, because_of};
        lent_[loan.node.index()] &= ~loan.lent_slots;
        at = loans_.erase(at);
      } else {
        ++at;
      }
    }
  }

  bool start(JobId job, const std::set<TypeId>& blocked, Reason reason) {
    auto placement = place(free_, job, blocked);
    if (!placement) return false;
    call_in(*placement, job);
    moves_[job] = {std::move(*placement), reason, {}};
    started_.insert(job);
    running_.push_back(job);
    return true;
  }

  void serve_pending() {
    std::set<TypeId> blocked;
    bool somebody_waits = false;
    for (auto at = pending_.begin(); at != pending_.end();) {
      const JobId job = *at;
      const Reason reason = somebody_waits ? Reason::skipped_ahead : Reason::queue_order;
      if (start(job, blocked, reason)) {
        at = pending_.erase(at);
        continue;
      }
      somebody_waits = true;
      ++at;
      if (set_aside(job)) {
        waits_.push_back({job, Reason::nodes_down, {}, 0});
        continue;
      }
      const Demand& demand = view_->demand(job);
      if (blocked.empty()) waits_.push_back({job, why_not(free_, demand), {}, 0});
      blocked.insert(demand.types.begin(), demand.types.end());
    }
  }

  void arrive(JobId job) {
    std::set<TypeId> blocked;
    JobId before;
    const auto& types = view_->demand(job).types;
    for (const JobId other : pending_) {
      if (set_aside(other)) continue;
      for (const TypeId type : view_->demand(other).types) {
        blocked.insert(type);
        if (before.is_none() && std::ranges::count(types, type) > 0) before = other;
      }
    }
    if (start(job, blocked, Reason::queue_order)) return;
    if (set_aside(job))
      waits_.push_back({job, Reason::nodes_down, {}, 0});
    else if (before.is_none())
      waits_.push_back({job, why_not(free_, view_->demand(job)), {}, 0});
    else
      waits_.push_back({job, Reason::behind, before, 0});
    pending_.insert(job);
  }

  // --- migration ---------------------------------------------------------------------------------

  static bool is_spread(const Placement& placement, std::int32_t capacity) {
    return placement.size() > 1 && placement.front().gpus < capacity;
  }

  void migrate() {
    std::vector<JobId> queue;
    for (const JobId job : running_)
      if (is_spread(held(job), capacity(type_of(job)))) queue.push_back(job);
    for (std::int64_t moves = 0; moves < options_.most_moves; ++moves) {
      const auto moved = std::ranges::find_if(
          queue, [&](JobId job) { return has_gap(type_of(job)) && move(job); });
      if (moved == queue.end()) return;
      if (!is_spread(held(*moved), capacity(type_of(*moved)))) queue.erase(moved);
    }
  }

  /// A node of the type that is at least half idle, but not wholly; GPUs on loan are not idle.
  bool has_gap(TypeId type) const {
    const std::int32_t whole = capacity(type);
    for (std::size_t n = 0; n < view_->nodes.size(); ++n) {
      if (view_->nodes[n].type != type) continue;
      const std::int32_t idle = idle_on(NodeId(n));
      if (idle * 2 >= whole && idle < whole) return true;
    }
    return false;
  }

  bool move(JobId job) {
    const Placement now = held(job);
    const TypeId type = type_of(job);
    const auto nodes = static_cast<std::int32_t>(now.size());
    const std::int32_t quota = now.front().gpus;
    const Locality best = models::best_locality(nodes * quota, capacity(type));
    for (Locality to = best; is_one(to) && to.nodes < nodes; to = wider(to)) {
      std::vector<NodeShare> own;
      for (const NodeShare& share : now)
        if (idle_on(share.node) >= to.gpus_per_node - quota) own.push_back(share);
      if (go(job, now, own, to)) return true;
    }
    for (Locality to = best; to.gpus_per_node > quota; to = wider(to)) {
      std::vector<NodeShare> others;
      for (std::size_t n = 0; n < view_->nodes.size(); ++n) {
        const NodeId node(n);
        const bool own = std::ranges::count(now, node, &NodeShare::node) > 0;
        if (view_->nodes[n].type == type && !own && idle_on(node) >= to.gpus_per_node)
          others.push_back({node, 0, 1000, 0});
      }
      if (go(job, now, others, to)) return true;
    }
    return false;
  }

  /// Moves a job to the fullest of `candidates`, keeping the GPUs it has on them.
  bool go(JobId job, const Placement& now, std::vector<NodeShare> candidates, Locality to) {
    if (static_cast<std::int32_t>(candidates.size()) < to.nodes) return false;
    std::ranges::stable_sort(candidates, {}, [&](const NodeShare& s) { return idle_on(s.node); });
    candidates.resize(static_cast<std::size_t>(to.nodes));
    Placement target;
    for (const NodeShare& kept : candidates) {
      const std::uint64_t more = lowest(idle_slots(kept.node), to.gpus_per_node - kept.gpus);
      target.push_back(share_of(kept.node, kept.slots | more));
    }
    give_back(free_, now);
    for (NodeShare& share : target) free_.take(share);
    moves_[job] = {std::move(target), Reason::upgraded, {}};
    return true;
  }

  // --- growth ------------------------------------------------------------------------------------

  void grow() {
    for (const JobId job : running_) {
      const Placement& now = held(job);
      if (now.size() != 1 || now.front().milli < 1000 || loans_.contains(job)) continue;
      const NodeShare own = now.front();
      std::uint64_t idle = idle_slots(own.node);
      const TypeId type = type_of(job);
      std::int32_t gpus = own.gpus;
      while (gpus * 2 <= capacity(type) && gpus * 2 - own.gpus <= std::popcount(idle) &&
             speed(job, type, {1, gpus * 2}) > speed(job, type, {1, gpus}))
        gpus *= 2;
      if (gpus > own.gpus) lend(job, own, gpus, idle);
    }
  }

  std::int32_t idle_on(NodeId node) const { return std::popcount(idle_slots(node)); }
  /// GPUs of a node that nobody holds, not even on loan.
  std::uint64_t idle_slots(NodeId node) const {
    std::uint64_t idle = 0;
    for (std::int32_t slot = 0; slot < view_->nodes[node.index()].gpus; ++slot)
      if (free_.free_milli(node, slot) == 1000) idle |= std::uint64_t{1} << slot;
    return idle & ~lent_[node.index()];
  }

  static std::uint64_t lowest(std::uint64_t from, std::int32_t count) {
    std::uint64_t chosen = 0;
    for (; count > 0; --count) {
      chosen |= from & (~from + 1);
      from &= from - 1;
    }
    return chosen;
  }

  /// Of the GPUs then held the first ones are the job's own, as many as it had.
  void lend(JobId job, const NodeShare& own, std::int32_t gpus, std::uint64_t idle) {
    const std::uint64_t all = own.slots | lowest(idle, gpus - own.gpus);
    const std::uint64_t kept = lowest(all, own.gpus);
    free_.give(own);
    NodeShare base = share_of(own.node, kept);
    free_.take(base);
    loans_[job] = {own.node, kept, all & ~kept};
    lent_[own.node.index()] |= all & ~kept;
    const bool fresh = started_.contains(job);
    const Reason reason = fresh ? moves_[job].reason : Reason::upgraded;
    moves_[job] = {{share_of(own.node, all)}, reason, {}};
  }

  // --- answer ------------------------------------------------------------------------------------

  Actions answer() {
    Actions actions;
    for (const JobId job : running_) {
      const auto moved = moves_.find(job);
      if (moved == moves_.end()) continue;
      const bool fresh = started_.contains(job);
      if (!fresh && moved->second.placement == view_->placements[job.index()]) continue;
      actions.actions.push_back({fresh ? Action::Kind::start : Action::Kind::change, job,
                                 moved->second.placement, moved->second.reason,
                                 moved->second.because_of});
    }
    actions.waits = waits_;
    return actions;
  }

  GandivaOptions options_;
  Outages outages_;
  std::set<JobId> pending_;      // by submission
  std::map<JobId, Loan> loans_;  // of grown jobs
  // Of the pass in hand.
  const View* view_ = nullptr;
  platform::PlacementState free_;    // GPUs on loan are free here
  std::vector<std::uint64_t> lent_;  // of each node
  std::vector<JobId> running_;
  std::map<JobId, Move> moves_;
  std::set<JobId> started_;
  std::vector<Wait> waits_;
};

const auto gandiva_registration = register_policy<Gandiva, GandivaOptions>(
    "gandiva", "first in, first out; moves spread jobs together and lends idle GPUs",
    "Xiao et al., Gandiva, OSDI'18, as adapted by the Crius (Arena) artifact",
    {.needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
