// Least attained service in two dimensions (time x GPUs), discretised: Tiresias.
//
// Read (Gu et al., NSDI'19, public simulator): jobs sit in queues by attained GPU-seconds, new ones
// in the highest; each pass walks the queues from the highest against a quota of all GPUs, going on
// past jobs that do not fit, and preempts who is not picked; within a queue running jobs stand
// before pending ones; limits 3,250 and 7,200 GPU-seconds for three queues; a job that has waited
// `promote` times its executed time since its last promotion returns to the highest queue with its
// service counted anew.
// With `within_queue: entry` jobs of one queue stand as in that simulator: arrivals, jobs that fall
// and jobs that are promoted come to its end; after each pass those that run stand before those
// that wait, each in the order that they had (so that a preempted job waits before those that
// waited). Ours: by default the pending jobs of one queue go by submission; limits and promotion
// act at their exact times (there: at whole seconds); other `queue` and `placement` rules than
// skipping and packed; a job that fits on no nodes but those that are down is not picked
// (toolkit/outages.hpp).
#include <algorithm>
#include <limits>

#include "sim/worlds/training/toolkit/preemptive_pass.hpp"

namespace orrery::policies {
namespace {

using namespace training;

const Reason kLessService =
    add_reason({.name = "less_service", .done = "{other} had received less service"});

/// How jobs of one queue stand behind each other.
enum class QueueOrder { submission, entry };

struct LasOptions {
  QueueRule queue = QueueRule::skipping;
  PlacementRule placement = PlacementRule::consolidated;
  std::vector<double> limits_gpu_seconds = {3250, 7200};
  double promote = 0;
  QueueOrder within_queue = QueueOrder::submission;
};

base::Declaration<LasOptions> declare(const LasOptions*) {
  base::Declaration<LasOptions> d("Queues by attained GPU time.");
  d.choice("queue", &LasOptions::queue, queue_words(), "what happens behind a job not picked");
  d.choice("placement", &LasOptions::placement, placement_words(), "which GPUs a job gets");
  d.numbers("limits_gpu_seconds", &LasOptions::limits_gpu_seconds, base::Dimension::none,
            "attained GPU-seconds at which a job falls to the next queue, ascending; default "
            "[3250, 7200]")
      .more_than(0)
      .at_most(1e18);
  d.number("promote", &LasOptions::promote, base::Dimension::none,
           "waiting time, in multiples of executed time, that lifts a job to the highest queue "
           "again; 0: never")
      .at_least(0)
      .at_most(1e6);
  d.choice("within_queue", &LasOptions::within_queue,
           {{"submission", QueueOrder::submission}, {"entry", QueueOrder::entry}},
           "jobs of one queue go by their submission, or as they entered it (the published "
           "simulator)");
  return d;
}

class LeastAttainedService final : public Policy {
 public:
  explicit LeastAttainedService(const LasOptions& options)
      : options_(options), pass_({options.queue, options.placement}, kLessService) {
    std::sort(options_.limits_gpu_seconds.begin(), options_.limits_gpu_seconds.end());
  }

  Actions decide(const View& view, const Delta& delta) override {
    records_.resize(view.jobs.size());
    for (const JobId job : delta.arrived) enter(view, job);
    for (const JobId job : delta.interrupted) enter(view, job);
    promote_waiting(view);
    if (by_entry()) let_fall(view);
    pass_.rank_running(view, [&](JobId job) {
      return by_entry() ? records_[job.index()].key : static_cast<double>(level(view, job));
    });
    Actions actions;
    pass_.run(view, delta, pending_, actions);
    settle(view, actions);
    actions.wake_at_seconds = next_change(view, actions);
    return actions;
  }

 private:
  // Clocks round: a job this close to its limit has reached it.
  static constexpr double kSlackGpuSeconds = 1e-3;

  struct Record {
    double service_zero = 0;  // attained service at the last promotion
    double waited = 0;        // pending since then, once it had run
    double pending_since = 0;
    double key = 0;  // in pending_, or among the running jobs
    bool pending = false;
    std::size_t level = 0;  // as of the last pass, where the order is by entry
  };

  double service(const View& view, JobId job) const {
    return view.attained_gpu_seconds(job) - records_[job.index()].service_zero;
  }
  std::size_t level(const View& view, JobId job) const {
    const double attained = service(view, job) + kSlackGpuSeconds;
    const auto& limits = options_.limits_gpu_seconds;
    return static_cast<std::size_t>(std::upper_bound(limits.begin(), limits.end(), attained) -
                                    limits.begin());
  }
  double gpus(const View& view, JobId job) const {
    return static_cast<double>(view.demand(job).total_milli()) / 1000;
  }

  // Keys by entry: a queue's jobs that run, those that wait, and those that fell into it since the
  // last pass are a quarter of a level apart; within these a job's place is a whole multiple of a
  // step that a double still tells apart behind a level.
  static constexpr double kStep = 0x1p-40;
  static constexpr double kWaits = 0.5;
  static constexpr double kFell = 0.75;

  bool by_entry() const { return options_.within_queue == QueueOrder::entry; }
  /// A place behind all others of its kind.
  double last_place() { return static_cast<double>(++places_) * kStep; }
  /// A place before all others of its kind.
  double first_place() { return -static_cast<double>(++places_before_) * kStep; }

  /// Running jobs that have got too much service for their queue come to the end of the next one.
  void let_fall(const View& view) {
    std::vector<JobId> falling;
    for (const JobId job : view.running)
      if (level(view, job) != records_[job.index()].level) falling.push_back(job);
    std::ranges::sort(falling);
    for (const JobId job : falling) {
      Record& record = records_[job.index()];
      record.level = level(view, job);
      record.key = static_cast<double>(record.level) + kFell + last_place();
    }
  }

  /// After a pass: who runs stands before who waits, each in the order of the pass.
  void settle(const View& view, const Actions& actions) {
    for (const Action& action : actions.actions)
      if (action.kind == Action::Kind::start) leave(view, action.job);
    // In order of their rank; each comes before all, so the first one last.
    const std::vector<RankedJob>& preempted = pass_.victims();
    for (auto victim = preempted.rbegin(); victim != preempted.rend(); ++victim)
      enter(view, victim->job, /*before=*/true);
    if (!by_entry()) return;
    const auto place = [&](JobId job) {
      records_[job.index()].key = static_cast<double>(records_[job.index()].level) + last_place();
    };
    for (const Action& action : actions.actions)
      if (action.kind == Action::Kind::start) place(action.job);
    for (const JobId job : view.running)
      if (fell(job) && !records_[job.index()].pending) place(job);
  }
  bool fell(JobId job) const {
    const Record& record = records_[job.index()];
    return record.key - static_cast<double>(record.level) > kFell - 0.125;
  }

  // Half a level behind the running jobs of its queue; `before` those that wait there already.
  void enter(const View& view, JobId job, bool before = false) {
    Record& record = records_[job.index()];
    record.pending = true;
    record.pending_since = view.now_seconds;
    record.level = level(view, job);
    record.key = static_cast<double>(record.level) + kWaits;
    if (by_entry()) record.key += before ? first_place() : last_place();
    pending_.insert(job, view.demand_of[job.index()], record.key);
    if (options_.promote > 0) waiting_.push_back(job);
  }
  void leave(const View& view, JobId job) {
    Record& record = records_[job.index()];
    if (!record.pending) return;  // it moves to another GPU type
    if (service(view, job) > 0) record.waited += view.now_seconds - record.pending_since;
    record.pending = false;
  }

  /// When a pending job is promoted; infinity where it never is.
  double promotion_time(const View& view, JobId job) const {
    const Record& record = records_[job.index()];
    const double attained = service(view, job);
    if (record.key < 1 || attained <= 0) return std::numeric_limits<double>::infinity();
    const double executed = attained / gpus(view, job);
    return record.pending_since + std::max(0.0, options_.promote * executed - record.waited);
  }
  void promote_waiting(const View& view) {
    std::erase_if(waiting_, [&](JobId job) { return !records_[job.index()].pending; });
    for (const JobId job : waiting_) {
      if (promotion_time(view, job) > view.now_seconds) continue;
      Record& record = records_[job.index()];
      pending_.erase(job, view.demand_of[job.index()], record.key);
      record.service_zero = view.attained_gpu_seconds(job);
      record.waited = 0;
      record.pending_since = view.now_seconds;
      record.level = 0;
      record.key = kWaits + (by_entry() ? last_place() : 0);
      pending_.insert(job, view.demand_of[job.index()], record.key);
    }
  }

  /// The next time at which a running job falls a queue or a pending one is promoted. Nothing is
  /// asked for while nobody waits: ranks matter only then.
  std::optional<double> next_change(const View& view, const Actions& actions) const {
    if (pending_.empty()) return std::nullopt;
    double next = std::numeric_limits<double>::infinity();
    const auto& limits = options_.limits_gpu_seconds;
    const auto fall = [&](JobId job) {
      const std::size_t at = level(view, job);
      if (at < limits.size())
        next =
            std::min(next, view.now_seconds + (limits[at] - service(view, job)) / gpus(view, job));
    };
    for (const JobId job : view.running) fall(job);
    for (const Action& action : actions.actions)
      if (action.kind == Action::Kind::start) fall(action.job);
    for (const JobId job : waiting_)
      if (records_[job.index()].pending) next = std::min(next, promotion_time(view, job));
    if (!(next < std::numeric_limits<double>::infinity())) return std::nullopt;
    return next;
  }

  LasOptions options_;
  PreemptivePass pass_;
  PendingQueue pending_;
  std::vector<Record> records_;
  std::vector<JobId> waiting_;  // pending jobs that may be promoted; only with `promote`
  std::uint64_t places_ = 0, places_before_ = 0;  // given so far
};

const auto las_registration = register_policy<LeastAttainedService, LasOptions>(
    "las", "least attained service, discretised over time x GPUs; preempts",
    "Gu et al., Tiresias, NSDI'19");

}  // namespace
}  // namespace orrery::policies
