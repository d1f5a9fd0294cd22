// Crius (Arena): jobs as Cells on heterogeneous GPUs, placed and resized by marginal throughput.
//
// Read (arXiv 2403.16125, abstract; the authors' EuroSys'26 artifact sjtu-epcc/arena;
// docs/systems/crius.md): a job is taken at the GPU type and count it asks for, at its best
// locality; where free GPUs are scattered, running jobs are exchanged between nodes to gather them
// (bubble migration), or the locality is relaxed; where that fails, other jobs are halved or moved
// to another GPU type, by a breadth-first search for the largest gain of throughput. A job that
// fits behind one that does not runs opportunistically and gives its GPUs back when the one before
// it fits with them. Departures also lead to upgrades of running jobs: another type, or twice the
// GPUs.
// Left out of `search: arena`: the artifact's own step for spread jobs, which changes no result of
// the published traces.
// Ours: what a gain is and what is left out of the artifact's rules is said in
// crius/downgrade_search.hpp (`search: exact`, the default); the artifact's rules stand in
// crius/arena_downgrade_search.hpp (`search: arena`); spread jobs gather anywhere
// (crius/upgrade.hpp); node failures, where a job that could not be fitted on the nodes that are up
// even if nothing ran there blocks no GPU type and no job like it; jobs that name no model or ask
// for a count that is not a power of two keep what they ask for and are only moved; a share of a
// GPU gets a whole one; state is changed and undone in place (crius/slot_map.hpp), and only what a
// bound allows is tried.
#include <algorithm>
#include <limits>

#include "sim/worlds/training/policies/crius/passes.hpp"
#include "sim/worlds/training/policies/crius/settle.hpp"

namespace orrery::policies {
namespace {

using namespace training;

class Crius final : public Policy {
 public:
  explicit Crius(const crius::Options& options) : state_(options), passes_(state_) {}

  Actions decide(const View& view, const Delta& delta) override {
    state_.begin(view, delta);
    forget_finished(delta);
    drop_late(view);
    const bool departures = !delta.finished.empty() || !delta.interrupted.empty() ||
                            !delta.failed_nodes.empty() || !delta.repaired_nodes.empty();
    if (departures) passes_.departures(!delta.arrived.empty());
    if (!delta.arrived.empty()) passes_.arrivals(delta.arrived);
    settle(state_);
    wake_for_deadlines(view);
    return std::move(state_.actions);
  }

 private:
  void forget_finished(const Delta& delta) {
    for (const JobId job : delta.finished) state_.queue.remove(job);
    for (auto job = delta.interrupted.rbegin(); job != delta.interrupted.rend(); ++job) {
      if (state_.queue.contains(*job))
        state_.queue.mark_pending(*job);
      else
        state_.queue.push_front_pending(*job);
    }
    state_.queue.drop_leading_opportunistic();
  }

  /// Pending jobs whose deadline has passed, or can be met nowhere any more.
  void drop_late(const View& view) {
    if (!state_.options.deadline_aware) return;
    std::vector<JobId> late;
    for (std::size_t i = 0; i < state_.queue.size(); ++i) {
      const JobId job = state_.queue[i].job;
      if (state_.queue[i].opportunistic) continue;
      const bool passed = view.jobs[job.index()].deadline_seconds <= view.now_seconds;
      if (passed || !state_.request(job)) late.push_back(job);
    }
    for (const JobId job : late) state_.drop(job, Reason::deadline_missed);
    state_.queue.drop_leading_opportunistic();
  }

  /// So that who can no longer make it is told so, also where nothing else happens.
  void wake_for_deadlines(const View& view) {
    if (!state_.options.deadline_aware || state_.as_the_artifact()) return;
    double next = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < state_.queue.size(); ++i)
      if (!state_.queue[i].opportunistic)
        next = std::min(next, view.jobs[state_.queue[i].job.index()].deadline_seconds);
    if (next < std::numeric_limits<double>::infinity()) state_.actions.wake_at_seconds = next;
  }

  crius::State state_;
  crius::Passes passes_;
};

const auto crius_registration = register_policy<Crius, crius::Options>(
    "crius", "Cells on heterogeneous GPUs: places, resizes and moves jobs by marginal throughput",
    "Xue et al., Crius, arXiv 2403.16125; Arena, EuroSys'26",
    {.adapts = true, .needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
