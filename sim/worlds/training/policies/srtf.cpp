// Shortest remaining time first, preemptive.
//
// Read: the pass is that of the Helios simulator (Hu et al., SC'21, public artifact): all active
// jobs in order of remaining time, picked against a quota of all GPUs, the rest preempted, the new
// ones placed.
// Ours: ties go by submission; a job in restart counts the work that is left, not its restart; a
// job that fits on no nodes but those that are down is not picked (toolkit/outages.hpp).
#include "sim/worlds/training/toolkit/preemptive_pass.hpp"

namespace orrery::policies {
namespace {

using namespace training;

const Reason kShorterRemaining =
    add_reason({.name = "shorter_remaining", .done = "{other} had less work left"});

class ShortestRemainingTimeFirst final : public Policy {
 public:
  explicit ShortestRemainingTimeFirst(const QueueOptions& options)
      : pass_(options, kShorterRemaining) {}

  Actions decide(const View& view, const Delta& delta) override {
    for (const JobId job : delta.arrived) enter(view, job);
    for (const JobId job : delta.interrupted) enter(view, job);
    pass_.rank_running(view, [&](JobId job) { return view.remaining_seconds(job); });
    Actions actions;
    pass_.run(view, delta, pending_, actions);
    for (const RankedJob& victim : pass_.victims()) enter(view, victim.job);
    return actions;
  }

 private:
  void enter(const View& view, JobId job) {
    pending_.insert(job, view.demand_of[job.index()], view.remaining_seconds(job));
  }

  PreemptivePass pass_;
  PendingQueue pending_;
};

const auto srtf_registration = register_policy<ShortestRemainingTimeFirst, QueueOptions>(
    "srtf", "shortest remaining time first; preempts",
    "Hu et al., Characterization and prediction of deep learning workloads (Helios), SC'21",
    {.foresees = true});

}  // namespace
}  // namespace orrery::policies
