// Shortest job first.
//
// Read: nothing; the textbook policy with the durations of the trace as a perfect oracle, as the
// simulator of Helios has it.
// Ours: a job thrown out by a node failure queues by what is left of it.
#include "sim/cluster/queue_pass.hpp"

namespace orrery::policies {
namespace {

using namespace cluster;

class ShortestJobFirst final : public Policy {
 public:
  explicit ShortestJobFirst(const QueueOptions& options) : options_(options) {}

  Actions decide(const View& view, const Delta& delta) override {
    for (const JobId job : delta.arrived) enter(view, job);
    for (const JobId job : delta.interrupted) enter(view, job);
    Actions actions;
    draft_.begin(*view.free);
    queue_pass(view, delta, options_, queue_, draft_, actions);
    return actions;
  }

 private:
  void enter(const View& view, JobId job) {
    queue_.insert(job, view.demand_of[job.index()], view.remaining_seconds(job));
  }

  QueueOptions options_;
  PendingQueue queue_;
  Draft draft_;
};

const auto registration = register_policy<ShortestJobFirst, QueueOptions>(
    "sjf", "shortest job first, by the trace's durations; never preempts", "textbook");

}  // namespace
}  // namespace orrery::policies
