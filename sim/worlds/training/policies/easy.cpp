// EASY backfilling: first in, first out, with a reserved start for the head of the queue.
//
// Read: the rule as commonly stated after Lifka (JSSPP'95): when the head of the queue does not
// fit, its earliest start is reserved, and a later job may start now if that does not delay it.
// Ours: run times are what the simulator itself counts for a job on the GPUs it would get (a
// perfect estimate: durations, what starting costs, checkpoints; on a shared fabric as if it had
// that to itself, and without failures), and "does not delay" is checked on nodes, not on a count:
// after a job that outlasts the reserved start is placed, the head must still find a placement at
// that time. Under `pooled` that is the classical count. Under outages (ours): the head is the
// first job that fits on the nodes that are up when all their GPUs are free, and its start is
// reserved on those. No start can be reserved for a job before it that needs a node that is down,
// since nobody knows when that comes back; such a job is tried first at every pass, and jobs
// started meanwhile may hold it up by as long as they run.
#include <algorithm>
#include <cmath>

#include "sim/worlds/training/toolkit/queue_pass.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using platform::Placement;
using platform::PlacementState;

const Reason kBackfilled =
    add_reason({.name = "backfilled",
                .done = "it fitted without delaying the reserved start of {other}",
                .unnamed = "the job at the head of the queue"});
const Reason kReserved =
    add_reason({.name = "reserved",
                .waits = "it was first in the queue, its start reserved at {time}",
                .blocks = ": that job had its start reserved at {time}",
                .value_is_time = true});

struct EasyOptions {
  PlacementRule placement = PlacementRule::consolidated;
  std::int64_t depth = 1000;
};

base::Declaration<EasyOptions> declare(const EasyOptions*) {
  base::Declaration<EasyOptions> d("Backfilling behind a reserved start.");
  d.choice("placement", &EasyOptions::placement, placement_words(), "which GPUs a job gets");
  d.integer("depth", &EasyOptions::depth, "jobs looked at for backfilling at one pass").at_least(0);
  return d;
}

class EasyBackfill final : public Policy {
 public:
  explicit EasyBackfill(const EasyOptions& options) : options_(options) {}

  Actions decide(const View& view, const Delta& delta) override {
    for (const JobId job : delta.arrived) enter(view, job);
    for (const JobId job : delta.interrupted) enter(view, job);
    outages_.update(view, delta);
    Actions actions;
    draft_.begin(*view.free);
    // Until the head does not fit this is FIFO; what it leaves behind is a blocked head.
    const JobId head = queue_pass(view, delta, {QueueRule::blocking, options_.placement}, queue_,
                                  draft_, outages_, actions);
    if (!head.is_none() && queue_.size() > 1 && draft_.state().free_gpus() > 0)
      backfill(view, head, actions);
    return actions;
  }

 private:
  void enter(const View& view, JobId job) {
    queue_.insert(job, view.demand_of[job.index()], view.queue_order(job));
  }

  struct Reservation {
    double start_seconds = 0;
    PlacementState free;  ///< at that time, before the head takes its GPUs
  };

  struct Release {
    double seconds;
    JobId job;
    const Placement* placement;
    bool operator<(const Release& other) const {
      return std::pair(seconds, job) < std::pair(other.seconds, other.job);
    }
  };

  /// When a job that starts now gives its GPUs back.
  static double end_of(const View& view, JobId job, const Placement& placement) {
    if (view.run_times == nullptr) return view.now_seconds + view.remaining_seconds(job);
    return view.now_seconds + view.run_times->seconds(job, placement);
  }

  /// Who gives GPUs back and when, jobs started at this pass included.
  static std::vector<Release> releases(const View& view, const Actions& actions) {
    std::vector<Release> all;
    // A replica of a service has no end: nothing is reserved on its GPUs.
    const auto add = [&all](double seconds, JobId job, const Placement* placement) {
      if (std::isfinite(seconds)) all.push_back({seconds, job, placement});
    };
    for (const JobId job : view.running) {
      // While a job's state still travels its end is not known: not before it has done its work.
      const double finish = view.at(job).finish_seconds;
      const double earliest = view.now_seconds + view.at(job).run_seconds();
      add(std::isinf(finish) ? earliest : finish, job, &view.placements[job.index()]);
    }
    for (const Action& action : actions.actions)
      add(end_of(view, action.job, action.placement), action.job, &action.placement);
    std::sort(all.begin(), all.end());
    return all;
  }

  /// The earliest start of the head if nothing else starts; nothing if it never fits.
  std::optional<Reservation> reserve(const View& view, const Demand& head,
                                     const Actions& actions) const {
    Reservation reservation{view.now_seconds, draft_.state()};
    const auto order = releases(view, actions);
    for (auto it = order.begin(); it != order.end();) {
      reservation.start_seconds = it->seconds;
      for (; it != order.end() && it->seconds == reservation.start_seconds; ++it)
        give_back(reservation.free, *it->placement);
      if (fits(reservation, head)) return reservation;
    }
    return std::nullopt;
  }

  bool fits(Reservation& reservation, const Demand& head) const {
    const auto placement = place(reservation.free, head, options_.placement);
    if (placement) give_back(reservation.free, *placement);
    return placement.has_value();
  }

  /// True when the head still fits at its reserved start beside `placement`, which then holds its
  /// GPUs there too.
  bool leaves_room(Reservation& reservation, const Demand& head, Placement placement) const {
    for (platform::NodeShare& share : placement) reservation.free.take(share);
    if (fits(reservation, head)) return true;
    give_back(reservation.free, placement);
    return false;
  }

  void backfill(const View& view, JobId head, Actions& actions) {
    PendingQueue::Walk walk(queue_);
    while (walk.job() != head) walk.drop_class();  // set aside
    const Demand& head_demand = view.demand(head);
    auto reservation = reserve(view, head_demand, actions);
    if (!reservation) return;
    std::erase_if(actions.waits, [&](const Wait& wait) { return wait.job == head; });
    actions.waits.push_back({head, kReserved, {}, reservation->start_seconds});
    walk.pass();
    for (std::int64_t seen = 0; seen < options_.depth && !walk.done(); ++seen) {
      const JobId job = walk.job();
      auto placement = draft_.place(view.demand(job), options_.placement);
      if (!placement) {
        walk.drop_class();
        continue;
      }
      const bool outlasts = end_of(view, job, *placement) > reservation->start_seconds;
      if (outlasts && !leaves_room(*reservation, head_demand, *placement)) {
        give_back(draft_.writable(), *placement);
        walk.pass();
        continue;
      }
      actions.actions.push_back(
          {Action::Kind::start, job, std::move(*placement), kBackfilled, head});
      walk.take();
    }
  }

  EasyOptions options_;
  PendingQueue queue_;
  Draft draft_;
  Outages outages_;
};

const auto easy_registration = register_policy<EasyBackfill, EasyOptions>(
    "easy", "first in, first out with EASY backfilling; never preempts",
    "Lifka, The ANL/IBM SP scheduling system, JSSPP'95", {.foresees = true});

}  // namespace
}  // namespace orrery::policies
