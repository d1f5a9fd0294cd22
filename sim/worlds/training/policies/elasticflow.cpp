// ElasticFlow: jobs grow and shrink within their GPU type; deadlines are promised and kept.
//
// Published (Gu et al., ASPLOS'23, from public knowledge): a job with a deadline is admitted if,
// filling time slots in order of deadlines, every admitted job has a minimum satisfactory share:
// the least number of GPUs (fewer in slots where others leave fewer) that finishes it in time. The
// others are dropped. What the shares leave goes to who gains most by it; counts are powers of two.
// Read (docs/systems/crius.md, "Rivals as adapted"): ElasticFlow-LS has loose deadlines (never
// missed) and scales the GPU count within the requested type, by greedy marginal gain;
// elasticflow-ls has the artifact's own way of doing so.
// Ours: slots start at whole multiples of `slot` (the first is the rest of the current one); a
// schedule that was found for all admitted jobs together stands until a better one is found, so
// that a promise is kept where restarts cost what was counted and nodes stay up; jobs without a
// deadline get the least count on which they can run, those that run already before those that
// wait, then in order of arrival; gain is counted per GPU added (`gain: relative`: in parts of the
// throughput on the least count; `samples`: in samples per second); plain durations are rigid.
// Under outages (ours): types, counts and promises go by the GPUs of nodes that are up, and are
// found anew when nodes fail or come back: a job that needs nodes that are down holds up no other.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/worlds/training/toolkit/active_jobs.hpp"
#include "sim/worlds/training/toolkit/outages.hpp"
#include "sim/worlds/training/toolkit/reallocation.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using platform::TypeId;

enum class Deadlines { kept, loose };
enum class Gain { relative, samples };

struct ElasticFlowOptions {
  Deadlines deadlines = Deadlines::kept;
  Gain gain = Gain::relative;
  std::int32_t largest_gpus = 16;
  double slot_seconds = 300;
};
base::Declaration<ElasticFlowOptions> declare(const ElasticFlowOptions*) {
  base::Declaration<ElasticFlowOptions> d("Elastic GPU counts and promised deadlines.");
  d.choice("deadlines", &ElasticFlowOptions::deadlines,
           {{"kept", Deadlines::kept}, {"loose", Deadlines::loose}},
           "jobs whose deadline cannot be promised are dropped, or no job has one");
  d.choice("gain", &ElasticFlowOptions::gain,
           {{"relative", Gain::relative}, {"samples", Gain::samples}},
           "what a GPU given beyond the least is to raise most: each job's throughput in parts of "
           "its own, or samples per second");
  d.integer("largest_gpus", &ElasticFlowOptions::largest_gpus,
            "most GPUs of a job; counts are powers of 2")
      .at_least(1)
      .at_most(1024);
  d.number("slot", &ElasticFlowOptions::slot_seconds, base::Dimension::time,
           "the grain in which deadlines are planned, where the experiment has no 'round'")
      .at_least(kShortestRoundSeconds);
  return d;
}

/// The GPUs of one type that schedules leave in each slot from the current one on.
class Slots {
 public:
  Slots(double now_seconds, double slot_seconds, std::int32_t capacity)
      : now_(now_seconds), length_(slot_seconds), capacity_(capacity) {
    first_ = std::floor(now_ / length_);
  }
  std::int32_t free(std::size_t slot) const {
    return slot < free_.size() ? free_[slot] : capacity_;
  }
  void take(const std::vector<std::int32_t>& schedule) {
    if (free_.size() < schedule.size()) free_.resize(schedule.size(), capacity_);
    for (std::size_t slot = 0; slot < schedule.size(); ++slot) free_[slot] -= schedule[slot];
  }
  /// Seconds of a slot that lie before `deadline`.
  double usable_seconds(std::size_t slot, double deadline) const {
    const double begin = std::max(now_, (first_ + static_cast<double>(slot)) * length_);
    const double end = (first_ + static_cast<double>(slot) + 1) * length_;
    return std::min(end, deadline) - begin;
  }

 private:
  double now_;
  double length_;
  double first_;
  std::int32_t capacity_;
  std::vector<std::int32_t> free_;
};

class ElasticFlow final : public Policy {
 public:
  explicit ElasticFlow(const ElasticFlowOptions& options)
      : options_(options), powers_(powers_of_two(options.largest_gpus)) {}

  Actions decide(const View& view, const Delta& delta) override {
    jobs_.update(view, delta);
    outages_.update(view, delta);
    records_.resize(view.jobs.size());
    Actions actions;
    forget_past_slots(view);
    const bool nodes_changed = !delta.failed_nodes.empty() || !delta.repaired_nodes.empty();
    for (const JobId job : nodes_changed ? jobs_.all() : delta.arrived) meet(view, job);
    for (const JobId job : delta.arrived) admit(view, job, actions);
    reschedule(view);
    std::vector<Assignment> wanted;
    for (std::size_t type = 0; type < view.free->types(); ++type)
      share_out(view, TypeId(type), wanted);
    for (const JobId job : jobs_.all())
      if (record(job).counts.empty())
        actions.waits.push_back({job, outages_.why_nowhere(view, job, powers_), {}, 0});
    reallocate(view, wanted, {.repack = true}, actions);
    if (std::ranges::any_of(jobs_.all(), [&](JobId job) { return record(job).promised; }))
      actions.wake_at_seconds = (std::floor(view.now_seconds / slot(view)) + 1) * slot(view);
    return actions;
  }

  void check(const workloads::TrainingWorkload& workload, double round_seconds) const override {
    if (options_.deadlines == Deadlines::loose) return;
    for (const workloads::TrainingJob& job : workload.jobs) {
      const double slots = (job.deadline_seconds - job.submit_seconds) / slot(round_seconds);
      if (std::isinf(slots) || slots <= kMostSlots) continue;
      throw base::Error({workload.source, static_cast<int>(job.line), 0, "deadline_seconds"},
                        fmt::format("the deadline of job {} comes {} s after its submission, which "
                                    "elasticflow would plan in {:.0f} slots of {} s; expected at "
                                    "most {} ('slot', or 'round' where the experiment has one)",
                                    job.id, job.deadline_seconds - job.submit_seconds, slots,
                                    slot(round_seconds), kMostSlots));
    }
  }

 private:
  struct Record {
    TypeId type;
    std::vector<RatedConfiguration> counts;  // on that type, ascending; empty: it cannot run
    bool promised = false;                   // its deadline is
    std::vector<std::int32_t> schedule;  // GPUs in each slot from `schedule_slot` on, if promised
    std::int32_t gpus = 0;               // of the pass in hand
  };

  Record& record(JobId job) { return records_[job.index()]; }
  double slot(double round_seconds) const {
    return round_seconds > 0 ? round_seconds : options_.slot_seconds;
  }
  double slot(const View& view) const { return slot(view.round_seconds); }

  /// What a job may be given of a type, on the nodes that are up.
  std::vector<RatedConfiguration> counts_on(const View& view, JobId job, TypeId type) const {
    std::vector<RatedConfiguration> counts;
    for (const std::int32_t gpus : powers_) {
      if (gpus > view.free->up_gpus(type) || is_rigid(view, job)) break;
      const double throughput = believed_throughput(view, job, {type, gpus});
      if (throughput > 0 && has_shape(view, job, {type, gpus}))
        counts.push_back({{type, gpus}, throughput});
    }
    const std::int32_t asked = view.demand(job).gpus;
    if (is_rigid(view, job) && asked <= view.free->up_gpus(type))
      counts.push_back({{type, asked}, believed_throughput(view, job, {type, asked})});
    return counts;
  }

  /// The type of a job is the first it asks for on which it runs fastest as it asks. A job that
  /// runs or has a promise keeps its type as long as that has GPUs for it.
  void meet(const View& view, JobId job) {
    Record& r = record(job);
    if (r.promised || is_running(view, job)) {
      r.counts = counts_on(view, job, r.type);
      if (!r.counts.empty()) return;
    }
    r.promised = false;
    r.counts.clear();
    const Demand& demand = view.demand(job);
    double best = -1;
    for (const TypeId type : demand.types) {
      std::vector<RatedConfiguration> counts = counts_on(view, job, type);
      const double asked = believed_throughput(view, job, {type, demand.gpus});
      if (counts.empty() || asked <= best) continue;
      best = asked;
      r.type = type;
      r.counts = std::move(counts);
    }
  }

  // --- promises ----------------------------------------------------------------------------------
  void forget_past_slots(const View& view) {
    const double first = std::floor(view.now_seconds / slot(view));
    const auto passed = static_cast<std::size_t>(first - first_slot_);
    for (const JobId job : jobs_.all()) {
      std::vector<std::int32_t>& schedule = record(job).schedule;
      schedule.erase(schedule.begin(), schedule.begin() + static_cast<std::ptrdiff_t>(
                                                              std::min(passed, schedule.size())));
    }
    first_slot_ = first;
  }

  double deadline(const View& view, JobId job) const {
    return view.jobs[job.index()].deadline_seconds;
  }

  /// Seconds of work left where one second on configuration `c` does `rate` of them.
  static double work_left(const View& view, JobId job) { return view.remaining_seconds(job); }
  /// Work seconds per second: work is counted in seconds of the job's reference throughput.
  double rate(const View& view, JobId job, const RatedConfiguration& c) const {
    if (is_rigid(view, job)) return 1;
    const auto& j = view.jobs[job.index()];
    const double iterations =
        c.samples_per_second / static_cast<double>(std::max<std::int64_t>(1, j.batch_samples));
    return iterations * j.duration_seconds / static_cast<double>(j.iterations);
  }

  /// A schedule for `job` with at most the `level`-th of its counts in each slot; empty where that
  /// does not finish in time.
  std::vector<std::int32_t> fill(const View& view, JobId job, std::size_t level,
                                 const Slots& slots) {
    const Record& r = record(job);
    std::vector<std::int32_t> schedule;
    double left = work_left(view, job);
    std::int32_t before = held(view, job).gpus;
    bool started = view.at(job).starts > 0;
    double owed = 0;  // restart seconds to be paid
    for (std::size_t s = 0;; ++s) {
      double seconds = slots.usable_seconds(s, deadline(view, job));
      if (seconds <= 0) return {};
      std::int32_t gpus = 0;
      double speed = 0;
      for (std::size_t c = 0; c <= level; ++c) {
        if (r.counts[c].at.gpus > slots.free(s)) break;
        gpus = r.counts[c].at.gpus;
        speed = rate(view, job, r.counts[c]);
      }
      schedule.push_back(gpus);
      if (gpus == 0) {
        before = 0;
        continue;
      }
      if (gpus != before && started && view.restart != nullptr) owed = view.restart->seconds(gpus);
      started = true;
      before = gpus;
      const double paid = std::min(owed, seconds);
      owed -= paid;
      left -= (seconds - paid) * speed;
      if (left <= kSlackSeconds) return schedule;
    }
  }

  /// The minimum satisfactory share: the schedule with the least count that finishes in time.
  std::vector<std::int32_t> satisfactory(const View& view, JobId job, const Slots& slots) {
    for (std::size_t level = 0; level < record(job).counts.size(); ++level)
      if (auto schedule = fill(view, job, level, slots); !schedule.empty()) return schedule;
    return {};
  }

  /// The jobs of a type with a promise, and `candidate`, by deadline.
  std::vector<JobId> by_deadline(const View& view, TypeId type, JobId candidate) {
    std::vector<JobId> members;
    for (const JobId job : jobs_.all())
      if (record(job).type == type && (record(job).promised || job == candidate))
        members.push_back(job);
    std::stable_sort(members.begin(), members.end(),
                     [&](JobId a, JobId b) { return deadline(view, a) < deadline(view, b); });
    return members;
  }

  /// Schedules for all `members` together; nothing where one of them cannot be satisfied.
  std::vector<std::vector<std::int32_t>> schedules(const View& view, TypeId type,
                                                   const std::vector<JobId>& members) {
    Slots slots(view.now_seconds, slot(view), view.free->up_gpus(type));
    std::vector<std::vector<std::int32_t>> found;
    for (const JobId job : members) {
      found.push_back(satisfactory(view, job, slots));
      if (found.back().empty()) return {};
      slots.take(found.back());
    }
    return found;
  }

  void adopt(const std::vector<JobId>& members, std::vector<std::vector<std::int32_t>> found) {
    for (std::size_t m = 0; m < members.size(); ++m)
      record(members[m]).schedule = std::move(found[m]);
  }

  void admit(const View& view, JobId job, Actions& actions) {
    Record& r = record(job);
    if (options_.deadlines == Deadlines::loose || std::isinf(deadline(view, job))) return;
    const std::vector<JobId> members = by_deadline(view, r.type, job);
    auto found = r.counts.empty() ? std::vector<std::vector<std::int32_t>>{}
                                  : schedules(view, r.type, members);
    if (found.empty()) {
      actions.actions.push_back({Action::Kind::drop, job, {}, Reason::deadline_missed, {}});
      jobs_.remove(job);
      return;
    }
    r.promised = true;
    adopt(members, std::move(found));
  }

  /// Schedules anew from what is done by now. Where no such schedule exists the last one goes on,
  /// and a job that its last schedule no longer covers (nodes failed, restarts cost more) loses its
  /// promise.
  void reschedule(const View& view) {
    for (std::size_t type = 0; type < view.free->types(); ++type) {
      const std::vector<JobId> members = by_deadline(view, TypeId(type), {});
      if (auto found = schedules(view, TypeId(type), members); !found.empty()) {
        adopt(members, std::move(found));
        continue;
      }
      std::int64_t left = view.free->up_gpus(TypeId(type));
      for (const JobId job : members) {
        Record& r = record(job);
        r.promised = !r.schedule.empty() && r.schedule.front() <= left;
        if (r.promised) left -= r.schedule.front();
      }
    }
  }

  // --- what is given now -------------------------------------------------------------------------

  void share_out(const View& view, TypeId type, std::vector<Assignment>& wanted) {
    std::vector<JobId> members;
    std::int64_t left = view.free->up_gpus(type);
    for (const JobId job : jobs_.all()) {
      Record& r = record(job);
      if (r.counts.empty() || r.type != type) continue;
      members.push_back(job);
      r.gpus = r.promised ? r.schedule.front() : 0;
      left -= r.gpus;
    }
    for (const bool running : {true, false}) {
      for (const JobId job : members) {
        Record& r = record(job);
        const std::int32_t least = r.counts.front().at.gpus;
        if (r.promised || is_running(view, job) != running || least > left) continue;
        r.gpus = least;
        left -= least;
      }
    }
    grow(members, left);
    for (const JobId job : members)
      wanted.push_back({job,
                        {type, record(job).gpus},
                        is_running(view, job) ? Reason::upgraded : Reason::queue_order});
  }

  /// Gives GPUs to the job that gains most for each, until none gains or fits.
  void grow(const std::vector<JobId>& members, std::int64_t left) {
    for (;;) {
      JobId best;
      double best_gain = 0;
      std::int32_t best_gpus = 0;
      for (const JobId job : members) {
        const auto [gain, gpus] = next_step(record(job), left);
        if (gain <= best_gain) continue;
        best = job;
        best_gain = gain;
        best_gpus = gpus;
      }
      if (best.is_none()) return;
      left -= best_gpus - record(best).gpus;
      record(best).gpus = best_gpus;
    }
  }

  struct Step {
    double gain = 0;  // for each GPU added
    std::int32_t gpus = 0;
  };
  Step next_step(const Record& r, std::int64_t left) const {
    double present = 0;
    for (const RatedConfiguration& c : r.counts) {
      if (c.at.gpus <= r.gpus) {
        present = c.samples_per_second;
        continue;
      }
      if (c.at.gpus - r.gpus > left) return {};
      const double unit = options_.gain == Gain::relative ? r.counts.front().samples_per_second : 1;
      return {(c.samples_per_second - present) / unit / (c.at.gpus - r.gpus), c.at.gpus};
    }
    return {};
  }

  // Work is summed slot by slot; a job this close to its end is done.
  static constexpr double kSlackSeconds = 1e-6;
  // Between a submission and its deadline; a schedule has a number for each.
  static constexpr int kMostSlots = 20'000;

  ElasticFlowOptions options_;
  std::vector<std::int32_t> powers_;
  ActiveJobs jobs_;
  Outages outages_;
  std::vector<Record> records_;  // by JobId
  double first_slot_ = 0;        // the slot that schedules begin with
};

const auto elasticflow_registration = register_policy<ElasticFlow, ElasticFlowOptions>(
    "elasticflow", "elastic GPU counts within a type; promises deadlines or drops; resizes",
    "Gu et al., ElasticFlow, ASPLOS'23; as adapted by the Crius artifact",
    {.adapts = true, .needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
