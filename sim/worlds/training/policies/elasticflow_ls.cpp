// ElasticFlow-LS: ElasticFlow with loose deadlines, as the Crius artifact adapts it.
//
// Published (Gu et al., ASPLOS'23, from public knowledge): GPU counts are powers of two; every
// admitted job has its least share, and what is left goes to who gains most.
// Read (docs/systems/crius.md, "Rivals as adapted"): deadlines so loose that none is ever missed;
// it scales the GPU count within the requested type, by greedy marginal gain.
// Inferred from its published results (`rules: arena` with `decide_with: data_parallel` equals all
// completion times and rounds of PAI and Helios, and of Philly those up to round 1,140): when a job
// arrives, and at no other time, the jobs of its type are counted and placed anew from nothing, the
// new one first and then the running ones in order of their start; each begins at its least count;
// then the step to the next count of largest gain in samples per second is taken as long as any
// fits, be the gain negative; then the largest jobs are placed first, on the first nodes that
// suffice, at their best locality only.
// Ours: a job that finds no room is tried again, in order of arrival, whenever jobs leave or nodes
// fail or come back; plain durations are rigid. Under outages (ours): counts go by the GPUs of
// nodes that are up, and no waiting job holds up another.
#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/toolkit/active_jobs.hpp"
#include "sim/worlds/training/toolkit/configuration.hpp"
#include "sim/worlds/training/toolkit/outages.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using platform::NodeId;
using platform::NodeShare;
using platform::Placement;
using platform::TypeId;

struct LooseOptions {
  std::int32_t largest_gpus = 16;
};
base::Declaration<LooseOptions> declare(const LooseOptions*) {
  base::Declaration<LooseOptions> d("ElasticFlow with loose deadlines, as in the Crius artifact.");
  d.integer("largest_gpus", &LooseOptions::largest_gpus,
            "most GPUs of a job; counts are powers of 2")
      .at_least(1)
      .at_most(1024);
  return d;
}

class ElasticFlowLoose final : public Policy {
 public:
  explicit ElasticFlowLoose(const LooseOptions& options)
      : powers_(powers_of_two(options.largest_gpus)) {}

  Actions decide(const View& view, const Delta& delta) override {
    jobs_.update(view, delta);
    outages_.update(view, delta);
    shares_.clear();
    running_.assign(view.free->types(), {});
    for (const JobId job : view.running) {
      const Placement& placement = view.placements[job.index()];
      const TypeId type = view.nodes[placement.front().node.index()].type;
      running_[type.index()].push_back(job);
    }
    Actions actions;
    const bool room = !delta.finished.empty() || !delta.interrupted.empty() ||
                      !delta.failed_nodes.empty() || !delta.repaired_nodes.empty();
    for (const JobId job : jobs_.all()) {
      if (is_running(view, job)) continue;
      const bool arrived = std::ranges::find(delta.arrived, job) != delta.arrived.end();
      if (!arrived && !room) continue;
      if (const Reason why = enter(view, job); why != Reason::none)
        actions.waits.push_back({job, why, {}, 0});
    }
    act(view, actions);
    return actions;
  }

 private:
  struct Share {
    JobId job;
    std::vector<RatedConfiguration> counts;  // ascending, not empty
    std::size_t level = 0;                   // of counts

    std::int32_t gpus() const { return counts[level].at.gpus; }
  };

  /// The counts on which a job can run on a type. A rigid job has one.
  std::vector<RatedConfiguration> counts_on(const View& view, JobId job, TypeId type) const {
    std::vector<RatedConfiguration> counts;
    const std::int32_t asked = view.demand(job).gpus;
    const auto tried = is_rigid(view, job) ? std::span(&asked, 1) : std::span(powers_);
    for (const std::int32_t gpus : tried) {
      if (gpus > view.free->up_gpus(type)) break;
      const double throughput = believed_throughput(view, job, {type, gpus});
      if (throughput > 0) counts.push_back({{type, gpus}, throughput});
    }
    return counts;
  }

  /// Tries to take a job in among those of the first of its types that has room; says why not.
  Reason enter(const View& view, JobId job) {
    Reason why = outages_.why_nowhere(view, job, powers_);
    for (const TypeId type : view.demand(job).types) {
      std::vector<RatedConfiguration> counts = counts_on(view, job, type);
      if (counts.empty()) continue;
      std::vector<Share> shares{{job, std::move(counts), 0}};
      for (const JobId other : running_[type.index()])
        shares.push_back({other, counts_on(view, other, type), 0});
      why = Reason::not_enough_gpus;
      if (!share_out(shares, view.free->up_gpus(type))) continue;
      why = Reason::fragmented;
      if (!place_all(view, type, shares)) continue;
      running_[type.index()].push_back(job);
      return Reason::none;
    }
    return why;
  }

  /// Least counts for all, then the best step as long as one fits; false where the least ones do
  /// not.
  static bool share_out(std::vector<Share>& shares, std::int64_t left) {
    for (const Share& share : shares) {
      if (share.counts.empty()) return false;
      left -= share.gpus();
    }
    if (left < 0) return false;
    for (;;) {
      Share* best = nullptr;
      double best_gain = -std::numeric_limits<double>::infinity();
      for (Share& share : shares) {
        if (share.level + 1 == share.counts.size()) continue;
        const RatedConfiguration& next = share.counts[share.level + 1];
        const double gain = next.samples_per_second - share.counts[share.level].samples_per_second;
        if (next.at.gpus - share.gpus() > left || gain <= best_gain) continue;
        best = &share;
        best_gain = gain;
      }
      if (best == nullptr) return true;
      left += best->gpus();
      ++best->level;
      left -= best->gpus();
    }
  }

  /// Places all of a type on its empty nodes, the largest first, and remembers where.
  bool place_all(const View& view, TypeId type, std::vector<Share> shares) {
    std::stable_sort(shares.begin(), shares.end(),
                     [](const Share& a, const Share& b) { return a.gpus() > b.gpus(); });
    platform::PlacementState free = *view.free;
    for (const JobId job : view.running)
      if (held(view, job).type == type) give_back(free, view.placements[job.index()]);
    std::vector<std::pair<JobId, Placement>> placed;
    for (const Share& share : shares) {
      auto placement = place_one(view, type, share, free);
      if (!placement) return false;
      placed.emplace_back(share.job, std::move(*placement));
    }
    for (auto& [job, placement] : placed) shares_[job] = std::move(placement);
    return true;
  }

  static std::optional<Placement> place_one(const View& view, TypeId type, const Share& share,
                                            platform::PlacementState& free) {
    if (is_rigid(view, share.job)) {
      Demand demand = view.demand(share.job);
      demand.types = {type};
      return place(free, demand, PlacementRule::first_fit);
    }
    const models::Locality locality =
        models::best_locality(share.gpus(), view.throughput->node_capacity(type.index()));
    Placement placement;
    for (std::size_t n = 0; n < view.nodes.size(); ++n) {
      if (placement.size() == static_cast<std::size_t>(locality.nodes)) break;
      const NodeShare wanted{NodeId(n), locality.gpus_per_node};
      if (view.nodes[n].type == type && free.can_take(wanted)) placement.push_back(wanted);
    }
    if (placement.size() < static_cast<std::size_t>(locality.nodes)) return std::nullopt;
    for (NodeShare& taken : placement) free.take(taken);
    return placement;
  }

  void act(const View& view, Actions& actions) const {
    for (const JobId job : jobs_.all()) {
      const auto found = shares_.find(job);
      if (found == shares_.end()) continue;
      const Placement& now = found->second;
      if (!is_running(view, job)) {
        actions.actions.push_back({Action::Kind::start, job, now, Reason::queue_order, {}});
      } else if (now != view.placements[job.index()]) {
        const bool larger = platform::gpus_of(now) > held(view, job).gpus;
        actions.actions.push_back(
            {Action::Kind::change, job, now, larger ? Reason::upgraded : Reason::made_room, {}});
      }
    }
  }

  std::vector<std::int32_t> powers_;
  ActiveJobs jobs_;
  Outages outages_;
  std::vector<std::vector<JobId>> running_;  // by type, in order of their start
  std::map<JobId, Placement> shares_;        // of the pass in hand
};

const auto elasticflow_ls_registration = register_policy<ElasticFlowLoose, LooseOptions>(
    "elasticflow-ls", "elastic GPU counts within a type, no deadlines; resizes at arrivals",
    "Gu et al., ElasticFlow, ASPLOS'23; as adapted by the Crius artifact",
    {.adapts = true, .needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
