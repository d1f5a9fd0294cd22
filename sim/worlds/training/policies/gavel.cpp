// Gavel: each job's share of time on each GPU type by a linear program, kept to by rounds.
//
// Published (Narayanan et al., OSDI'20, from public knowledge): X_mj is the fraction of time that
// job m spends on type j; sum_j X_mj <= 1 and sum_m gpus_m X_mj <= GPUs of type j. Max-min fairness
// maximises the least throughput(m, X) / throughput(m, equal shares) x gpus_m; the other objective
// is the sum of throughputs. Each round starts the jobs of highest priority, X_mj over the part of
// the time received on j, that fit. GPU counts never change.
// Read (docs/systems/crius.md, "Rivals as adapted"): max total throughput as a 0/1 program over
// types (`mechanism: exclusive`), GPU count fixed, at most a bounded number of type changes.
// Ours: among the max-min optima the one with the largest sum of normalised throughputs; equal
// jobs get equal shares (gavel/time_shares.hpp); a round ends with jobs, in order of arrival, on
// GPUs that nobody's priority claims; time received counts from the last change of the set of jobs;
// under `exclusive` running jobs go on running, and the bound on type changes counts those of one
// decision; plain durations are rigid. Under outages (ours): shares go by the GPUs of nodes that
// are up, and a job that needs nodes that are down is in no program and blocks nobody. Inferred
// (`admission: in_order`, from the testbed's logs of the artifact): of its 102 first starts nearly
// all are in order of arrival among the jobs that ask for one GPU type, on either type and with the
// count asked for, and the others are of jobs that had just come: the program chooses types for the
// jobs whose turn it is, not the jobs.
#include <algorithm>
#include <map>
#include <utility>

#include "sim/worlds/training/policies/gavel/time_shares.hpp"
#include "sim/worlds/training/toolkit/active_jobs.hpp"
#include "sim/worlds/training/toolkit/outages.hpp"
#include "sim/worlds/training/toolkit/reallocation.hpp"
#include "sim/worlds/training/toolkit/solved_program.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using models::LinearProgram;
using models::ProgramRow;
using platform::TypeId;

enum class Objective { max_min_fairness, max_total_throughput };
enum class Mechanism { time_sharing, exclusive };
enum class Admission { any, in_order };

struct GavelOptions {
  Objective objective = Objective::max_min_fairness;
  Mechanism mechanism = Mechanism::time_sharing;
  Admission admission = Admission::any;
  std::int32_t type_changes = 8;
  double round_seconds = 360;
  models::ProgramBudget budget = {.pivots = 200'000, .nodes = 2'000, .relative_gap = 1e-4};
};
base::Declaration<GavelOptions> declare(const GavelOptions*) {
  base::Declaration<GavelOptions> d("Time shares of GPU types by a linear program.");
  d.choice("objective", &GavelOptions::objective,
           {{"max_min_fairness", Objective::max_min_fairness},
            {"max_total_throughput", Objective::max_total_throughput}},
           "what the program makes as large as it can");
  d.choice("mechanism", &GavelOptions::mechanism,
           {{"time_sharing", Mechanism::time_sharing}, {"exclusive", Mechanism::exclusive}},
           "jobs take turns in rounds, or each keeps its GPUs and only its type may change (with "
           "objective max_total_throughput)");
  d.choice("admission", &GavelOptions::admission,
           {{"any", Admission::any}, {"in_order", Admission::in_order}},
           "which waiting jobs may start, where exclusive: those the program wants, or in order of "
           "arrival, where one that finds no room blocks those that ask for the same GPU type");
  d.integer("type_changes", &GavelOptions::type_changes,
            "most running jobs that one decision moves to another type, where exclusive")
      .at_least(0);
  d.number("wake_every", &GavelOptions::round_seconds, base::Dimension::time,
           "length of a round where the experiment has no 'round'")
      .at_least(kShortestRoundSeconds);
  declare_budget(d, &GavelOptions::budget);
  return d;
}

class Gavel final : public Policy {
 public:
  explicit Gavel(const GavelOptions& options) : options_(options) {}

  Actions decide(const View& view, const Delta& delta) override {
    jobs_.update(view, delta);
    outages_.update(view, delta);
    Actions actions;
    if (options_.mechanism == Mechanism::exclusive) {
      rate_jobs(view, actions);
      assign_exclusively(view, delta, actions);
      return actions;
    }
    credit_time(view);
    const bool changed = !delta.arrived.empty() || !delta.finished.empty() ||
                         !delta.interrupted.empty() || !delta.failed_nodes.empty() ||
                         !delta.repaired_nodes.empty();
    if (changed || rated_.empty()) {
      rate_jobs(view, actions);
      share_time(view, actions.solver);
    }
    play_round(view, actions);
    return actions;
  }

 private:
  struct Rated {
    JobId job;
    std::vector<double> throughput;        // by type; 0: cannot run there
    std::vector<double> share;             // X of this job, by type
    std::vector<double> received_seconds;  // by type, since the shares were computed
    std::int32_t gpus = 0;
  };

  void rate_jobs(const View& view, Actions& actions) {
    rated_.clear();
    for (const JobId job : jobs_.all()) {
      const std::int32_t gpus = view.demand(job).gpus;
      Rated rated{job, std::vector<double>(view.free->types()), {}, {}, gpus};
      const auto runnable = configurations(view, job, {&gpus, 1});
      for (const auto& [at, throughput] : runnable) rated.throughput[at.type.index()] = throughput;
      if (runnable.empty() && !is_running(view, job))
        actions.waits.push_back({job, outages_.why_nowhere(view, job, {&gpus, 1}), {}, 0});
      else if (!runnable.empty())
        rated_.push_back(std::move(rated));
    }
  }

  // --- time sharing ------------------------------------------------------------------------------

  /// Where the solver gives up, jobs keep the shares that they had, and new ones get GPUs that
  /// nobody claims.
  void share_time(const View& view, SolverRecord& solver) {
    std::vector<gavel::Claimant> claimants;
    for (const Rated& rated : rated_) claimants.push_back({rated.throughput, rated.gpus});
    std::vector<double> room;
    for (std::size_t type = 0; type < view.free->types(); ++type)
      room.push_back(view.free->up_gpus(TypeId(type)));
    const bool fair = options_.objective == Objective::max_min_fairness;
    const gavel::Solve solve = [&](const LinearProgram& program) {
      return solve_for("gavel", view.now_seconds, program, options_.budget, solver);
    };
    auto shares = gavel::time_shares(claimants, room, fair, solve);
    for (std::size_t m = 0; m < rated_.size(); ++m) {
      Rated& rated = rated_[m];
      rated.received_seconds.assign(view.free->types(), 0);
      const auto had = last_shares_.find(rated.job);
      if (shares)
        rated.share = std::move((*shares)[m]);
      else
        rated.share =
            had == last_shares_.end() ? std::vector<double>(view.free->types()) : had->second;
    }
    last_shares_.clear();
    for (const Rated& rated : rated_) last_shares_.emplace(rated.job, rated.share);
  }

  // --- rounds ------------------------------------------------------------------------------------

  void credit_time(const View& view) {
    for (Rated& rated : rated_) {
      const Configuration present = held(view, rated.job);
      if (present.gpus > 0 && !rated.received_seconds.empty())
        rated.received_seconds[present.type.index()] += view.now_seconds - last_seconds_;
    }
    last_seconds_ = view.now_seconds;
  }

  /// A job's claim to a type in the coming round.
  struct Claim {
    double priority;
    std::size_t member;  // of rated_
    std::size_t type;
  };

  std::vector<Claim> claims(const View& view) const {
    std::vector<Claim> all;
    for (std::size_t m = 0; m < rated_.size(); ++m) {
      for (std::size_t type = 0; type < rated_[m].share.size(); ++type) {
        const double share = rated_[m].share[type];
        if (share <= kLeastShare) continue;
        const double received = rated_[m].received_seconds[type] / round_length(view);
        all.push_back({share / std::max(received, kLeastShare), m, type});
      }
    }
    // Who has received nothing comes first, larger shares before smaller ones.
    std::stable_sort(all.begin(), all.end(),
                     [](const Claim& a, const Claim& b) { return a.priority > b.priority; });
    return all;
  }

  void play_round(const View& view, Actions& actions) {
    std::vector<std::int64_t> left;
    for (std::size_t type = 0; type < view.free->types(); ++type)
      left.push_back(view.free->up_gpus(TypeId(type)));
    std::vector<Assignment> wanted;
    for (const Rated& rated : rated_) wanted.push_back({rated.job, {}, Reason::queue_order});
    const auto give = [&](std::size_t member, std::size_t type) {
      const std::int32_t gpus = rated_[member].gpus;
      if (wanted[member].to.gpus > 0 || left[type] < gpus) return;
      if (rated_[member].throughput[type] <= 0) return;
      left[type] -= gpus;
      wanted[member].to = {TypeId(type), gpus};
      if (is_running(view, rated_[member].job)) wanted[member].reason = Reason::upgraded;
    };
    for (const Claim& claim : claims(view)) give(claim.member, claim.type);
    // What nobody claims: first to who runs there, then in order of arrival, fastest type first.
    for (std::size_t m = 0; m < rated_.size(); ++m)
      if (const Configuration present = held(view, rated_[m].job); present.gpus > 0)
        give(m, present.type.index());
    for (std::size_t m = 0; m < rated_.size(); ++m)
      for (const std::size_t type : fastest_first(rated_[m])) give(m, type);
    reallocate(view, wanted, {.repack = true}, actions);
    const bool somebody = !view.running.empty() || !actions.actions.empty();
    if (somebody && takes_turns(wanted))
      actions.wake_at_seconds = view.now_seconds + round_length(view);
  }

  static std::vector<std::size_t> fastest_first(const Rated& rated) {
    std::vector<std::size_t> types(rated.throughput.size());
    for (std::size_t type = 0; type < types.size(); ++type) types[type] = type;
    std::stable_sort(types.begin(), types.end(), [&](std::size_t a, std::size_t b) {
      return rated.throughput[a] > rated.throughput[b];
    });
    return types;
  }

  /// Whether the next round may differ from this one: somebody waits, or has shares of two types.
  bool takes_turns(const std::vector<Assignment>& wanted) const {
    for (std::size_t m = 0; m < rated_.size(); ++m) {
      if (wanted[m].to.gpus == 0) return true;
      if (std::ranges::count_if(rated_[m].share, [](double x) { return x > kLeastShare; }) > 1)
        return true;
    }
    return false;
  }

  double round_length(const View& view) const {
    return view.round_seconds > 0 ? view.round_seconds : options_.round_seconds;
  }

  // --- exclusive ---------------------------------------------------------------------------------

  /// One 0/1 variable for each job and type; running jobs keep running, few of them change type.
  void assign_exclusively(const View& view, const Delta& delta, Actions& actions) {
    const std::size_t types = view.free->types();
    LinearProgram program;
    std::vector<ProgramRow> room(types);
    ProgramRow changes;
    if (options_.admission == Admission::in_order) keep_whose_turn_it_is(view, delta, actions);
    for (const Rated& rated : rated_) {
      const Configuration present = held(view, rated.job);
      ProgramRow one;
      one.upper = 1;
      for (std::size_t type = 0; type < types; ++type) {
        const bool runs_here = present.gpus > 0 && present.type == TypeId(type);
        const double throughput = rated.throughput[type];
        const auto x = program.add_variable({.upper = throughput > 0 || runs_here ? 1.0 : 0.0,
                                             .objective = throughput,
                                             .integer = true});
        one.terms.push_back({x, 1});
        room[type].terms.push_back({x, static_cast<double>(rated.gpus)});
        if (present.gpus > 0 && !runs_here) changes.terms.push_back({x, 1});
      }
      if (present.gpus > 0 || options_.admission == Admission::in_order) one.lower = 1;
      program.add_row(std::move(one));
    }
    for (std::size_t type = 0; type < types; ++type) {
      room[type].upper = view.free->free_gpus(TypeId(type));
      for (const Rated& rated : rated_)
        if (const Configuration present = held(view, rated.job);
            present.gpus > 0 && present.type == TypeId(type))
          room[type].upper += present.gpus;
      program.add_row(std::move(room[type]));
    }
    changes.upper = options_.type_changes;
    program.add_row(std::move(changes));
    const auto result =
        solve_for("gavel", view.now_seconds, program, options_.budget, actions.solver);
    std::vector<Assignment> wanted;
    for (std::size_t m = 0; m < rated_.size(); ++m) {
      Assignment assignment{rated_[m].job, {}, Reason::queue_order};
      for (std::size_t type = 0; result && type < types; ++type)
        if (result->values[m * types + type] > 0.5) assignment.to = {TypeId(type), rated_[m].gpus};
      if (is_running(view, rated_[m].job)) assignment.reason = Reason::upgraded;
      wanted.push_back(assignment);
    }
    if (!result) fill_exclusively(view, wanted);
    reallocate(view, wanted, {}, actions);
  }

  /// Without a solution.
  void fill_exclusively(const View& view, std::vector<Assignment>& wanted) const {
    std::vector<std::int64_t> left;
    for (std::size_t type = 0; type < view.free->types(); ++type)
      left.push_back(view.free->free_gpus(TypeId(type)));
    for (const Rated& rated : rated_)
      if (const Configuration present = held(view, rated.job); present.gpus > 0)
        left[present.type.index()] += present.gpus;
    keep_and_fill(view, wanted, left, [&](std::size_t m) {
      std::vector<RatedConfiguration> choices;
      for (std::size_t type = 0; type < rated_[m].throughput.size(); ++type)
        choices.push_back({{TypeId(type), rated_[m].gpus}, rated_[m].throughput[type]});
      return choices;
    });
  }

  /// Drops the first waiting job that finds no room beside those before it, and those behind it
  /// that ask for the same GPU type, but for such as have just come and do find room. Who is kept
  /// fits where it was tried, so the program has a solution.
  void keep_whose_turn_it_is(const View& view, const Delta& delta, Actions& actions) {
    std::vector<std::int32_t> free(view.free->types());
    for (std::size_t type = 0; type < free.size(); ++type)
      free[type] = view.free->free_gpus(TypeId(type));
    std::vector<JobId> blocking;  // the first of each GPU type asked for
    std::erase_if(rated_, [&](const Rated& rated) {
      if (is_running(view, rated.job)) return false;
      const auto before = std::ranges::find_if(blocking, [&](JobId other) {
        return view.jobs[other.index()].gpu_types == view.jobs[rated.job.index()].gpu_types;
      });
      const bool tried = before == blocking.end() ||
                         std::ranges::find(delta.arrived, rated.job) != delta.arrived.end();
      std::size_t best = free.size();
      for (std::size_t type = 0; tried && type < free.size(); ++type)
        if (rated.throughput[type] > 0 && rated.gpus <= free[type] &&
            (best == free.size() || rated.throughput[type] > rated.throughput[best]))
          best = type;
      if (best < free.size()) {
        free[best] -= rated.gpus;
        return false;
      }
      if (before == blocking.end()) {
        actions.waits.push_back({rated.job, Reason::not_enough_gpus, {}, 0});
        blocking.push_back(rated.job);
      } else {
        actions.waits.push_back({rated.job, Reason::behind, *before, 0});
      }
      return true;
    });
  }

  static constexpr double kLeastShare = 1e-6;

  GavelOptions options_;
  ActiveJobs jobs_;
  Outages outages_;
  std::vector<Rated> rated_;
  std::map<JobId, std::vector<double>> last_shares_;
  double last_seconds_ = 0;
};

/// The 0/1 program has no fair form: with one job too many the least throughput is 0 whatever it
/// does.
GavelOptions read_options(const base::Node& node) {
  const auto options = base::read<GavelOptions>(node);
  if (options.mechanism == Mechanism::exclusive && options.objective == Objective::max_min_fairness)
    throw base::Error(node.where,
                      "found mechanism: exclusive with objective max_min_fairness, expected "
                      "'objective: max_total_throughput' beside it");
  return options;
}

const PolicyRegistration gavel_registration({
    .name = "gavel",
    .help = "time shares of GPU types by a linear program, or a type for each job; preempts",
    .source = "Narayanan et al., Gavel, OSDI'20; as adapted by the Crius artifact",
    .options = base::describe<GavelOptions>(),
    .make = [](const base::Node& node) { return std::make_unique<Gavel>(read_options(node)); },
    .traits = {.adapts = true, .needs_throughputs = true},
});

}  // namespace
}  // namespace orrery::policies
