// First in, first out.
//
// Read: nothing; the textbook policy, as the simulators of Helios and Tiresias have it.
// Ours: order is file order, also where a trace is not sorted by submit time.
#include "sim/cluster/queue_pass.hpp"

namespace orrery::policies {
namespace {

using namespace cluster;

class Fifo final : public Policy {
 public:
  explicit Fifo(const QueueOptions& options) : options_(options) {}

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
    queue_.insert(job, view.demand_of[job.index()], static_cast<double>(job.index()));
  }

  QueueOptions options_;
  PendingQueue queue_;
  Draft draft_;
};

const auto registration =
    register_policy<Fifo, QueueOptions>("fifo", "first in, first out; never preempts", "textbook");

}  // namespace
}  // namespace orrery::policies
