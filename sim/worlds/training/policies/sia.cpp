// Sia: every round, an integer program chooses a GPU type and a count for each job.
//
// Published (Subramanya et al., SOSP'23, from public knowledge): one binary variable for each job
// and configuration; goodput normalised by the job's least one; utilities are powers p of it
// (default -0.5, the smaller the fairer); not to run costs `lambda`; changing a running job's
// configuration is discounted by a restart factor; rounds.
// Read (docs/systems/crius.md, "Rivals as adapted"): configurations (type, count in 1, 2, 4, 8,
// 16); restart factor max((age - N S) / (age + S), 0.01) with S = 600 s for a job of that age that
// has restarted N times; batch tuning off, so that goodput is throughput; running jobs not
// preempted; the job set in partitions for the solver.
// Ours: the factor applies to configurations other than the present one of a running job; with
// `running: kept` such jobs have no variables and hold their GPUs; partitions are consecutive jobs
// in order of arrival, solved one after the other on what the ones before left and their own; a
// job that runs goes on running (changed, never preempted); plain durations are rigid and hold
// what they run on. Under outages (ours): configurations go by the GPUs of nodes that are up, and a
// job that needs nodes that are down is in no program.
#include <algorithm>
#include <cmath>

#include "models/base/portable_math.hpp"
#include "sim/worlds/training/toolkit/active_jobs.hpp"
#include "sim/worlds/training/toolkit/outages.hpp"
#include "sim/worlds/training/toolkit/reallocation.hpp"
#include "sim/worlds/training/toolkit/solved_program.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using models::ProgramRow;
using platform::TypeId;

enum class RunningJobs { movable, kept };

struct SiaOptions {
  double p = -0.5;
  double lambda = 1.1;
  double restart_seconds = 600;
  RunningJobs running = RunningJobs::movable;
  std::int32_t largest_gpus = 16;
  std::int64_t partition = 200;
  double round_seconds = 60;
  models::ProgramBudget budget = {.pivots = 200'000, .nodes = 2'000, .relative_gap = 1e-3};
};

double read_exponent(const base::Node& node) {
  const auto value = base::parse_double(node.text);
  if (node.kind != base::Node::Kind::scalar || !value)
    throw base::Error(node.where, "expected a number, found '" + node.text + "'");
  if (*value == 0 || !(std::abs(*value) <= 4))
    throw base::Error(node.where,
                      "found " + node.text + ", expected an exponent from -4 to 4 other than 0");
  return *value;
}

base::Declaration<SiaOptions> declare(const SiaOptions*) {
  base::Declaration<SiaOptions> d("Goodput by an integer program over GPU types and counts.");
  d.custom(
       "p", "number", [](SiaOptions& out, const base::Node& n) { out.p = read_exponent(n); },
       "power of the normalised goodput, not 0: the smaller the fairer", "-0.5")
      .at_least(-4)
      .at_most(4);
  d.number("lambda", &SiaOptions::lambda, base::Dimension::none,
           "what it costs not to run a job, where p is negative")
      .more_than(0);
  d.number("restart_cost", &SiaOptions::restart_seconds, base::Dimension::time,
           "S of the restart factor max((age - N S) / (age + S), 0.01)")
      .at_least(1e-3);
  d.choice("running", &SiaOptions::running,
           {{"movable", RunningJobs::movable}, {"kept", RunningJobs::kept}},
           "whether running jobs may be given other GPUs");
  d.integer("largest_gpus", &SiaOptions::largest_gpus, "most GPUs of a job; counts are powers of 2")
      .at_least(1)
      .at_most(1024);
  d.integer("partition", &SiaOptions::partition, "most jobs in one program; 0: all").at_least(0);
  d.number("wake_every", &SiaOptions::round_seconds, base::Dimension::time,
           "time to the next decision where the experiment has no 'round'")
      .at_least(kShortestRoundSeconds);
  declare_budget(d, &SiaOptions::budget);
  return d;
}

class Sia final : public Policy {
 public:
  explicit Sia(const SiaOptions& options)
      : options_(options), counts_(powers_of_two(options.largest_gpus)) {}

  Actions decide(const View& view, const Delta& delta) override {
    jobs_.update(view, delta);
    outages_.update(view, delta);
    Actions actions;
    const std::vector<JobId> open = open_jobs(view, actions);
    const std::size_t step =
        options_.partition > 0 ? static_cast<std::size_t>(options_.partition) : open.size();
    left_.clear();
    for (std::size_t type = 0; type < view.free->types(); ++type)
      left_.push_back(view.free->free_gpus(TypeId(type)));
    std::vector<Assignment> wanted;
    for (std::size_t from = 0; from < open.size(); from += step) {
      const std::size_t size = std::min(step, open.size() - from);
      assign(view, std::span(open).subspan(from, size), wanted, actions.solver);
    }
    reallocate(view, wanted, {.repack = options_.running == RunningJobs::movable}, actions);
    // With nothing but plain durations the program changes at events alone.
    const bool rounds = std::ranges::any_of(open, [&](JobId job) { return !is_rigid(view, job); });
    if (options_.running == RunningJobs::movable && !view.running.empty() && rounds)
      actions.wake_at_seconds =
          view.now_seconds + (view.round_seconds > 0 ? view.round_seconds : options_.round_seconds);
    return actions;
  }

 private:
  /// Jobs with variables: those that wait and, where they may be moved, those that run.
  std::vector<JobId> open_jobs(const View& view, Actions& actions) {
    std::vector<JobId> open;
    for (const JobId job : jobs_.all()) {
      const bool kept = options_.running == RunningJobs::kept || is_rigid(view, job);
      if (is_running(view, job) && kept) continue;
      if (configurations(view, job, counts_).empty())
        actions.waits.push_back({job, outages_.why_nowhere(view, job, counts_), {}, 0});
      else
        open.push_back(job);
    }
    return open;
  }

  double restart_factor(const View& view, JobId job) const {
    const double age = view.now_seconds - view.at(job).submitted_seconds;
    const double restarts = std::max(0, view.at(job).starts - 1);
    const double cost = options_.restart_seconds;
    return std::max((age - restarts * cost) / (age + cost), 0.01);
  }

  /// What running at a normalised goodput is worth; always more than not to run.
  double utility(double normalised) const {
    const double power = base::portable_exp(options_.p * base::portable_log(normalised));
    return options_.p > 0 ? power : std::max(options_.lambda - power, 1e-6);
  }

  /// One program over `members`; takes what it gives from `left_`.
  void assign(const View& view, std::span<const JobId> members, std::vector<Assignment>& wanted,
              SolverRecord& solver) {
    models::LinearProgram program;
    std::vector<ProgramRow> room(left_.size());
    std::vector<RatedConfiguration> choices;
    std::vector<std::size_t> first;
    for (const JobId job : members) {
      if (const Configuration present = held(view, job); present.gpus > 0)
        left_[present.type.index()] += present.gpus;
      first.push_back(choices.size());
      add_job(view, job, program, room, choices);
    }
    first.push_back(choices.size());
    for (std::size_t type = 0; type < room.size(); ++type) {
      room[type].upper = static_cast<double>(left_[type]);
      program.add_row(std::move(room[type]));
    }
    const auto result = solve_for("sia", view.now_seconds, program, options_.budget, solver);
    const std::size_t before = wanted.size();
    for (std::size_t m = 0; m < members.size(); ++m) {
      Assignment assignment{members[m], {}, Reason::queue_order};
      for (std::size_t c = first[m]; result && c < first[m + 1]; ++c)
        if (result->values[c] > 0.5) assignment.to = choices[c].at;
      if (is_running(view, members[m])) assignment.reason = Reason::upgraded;
      if (assignment.to.gpus > 0) left_[assignment.to.type.index()] -= assignment.to.gpus;
      wanted.push_back(assignment);
    }
    if (result) return;
    keep_and_fill(view, std::span(wanted).subspan(before), left_, [&](std::size_t m) {
      const auto begin = choices.begin();
      return std::vector<RatedConfiguration>(begin + static_cast<std::ptrdiff_t>(first[m]),
                                             begin + static_cast<std::ptrdiff_t>(first[m + 1]));
    });
  }

  void add_job(const View& view, JobId job, models::LinearProgram& program,
               std::vector<ProgramRow>& room, std::vector<RatedConfiguration>& choices) const {
    const std::vector<RatedConfiguration> own = configurations(view, job, counts_);
    const Configuration present = held(view, job);
    double least = own.front().samples_per_second;
    for (const auto& choice : own) least = std::min(least, choice.samples_per_second);
    ProgramRow one;
    one.upper = 1;
    for (const RatedConfiguration& choice : own) {
      if (choice.at == present) one.lower = 1;
      double normalised = choice.samples_per_second / least;
      if (present.gpus > 0 && choice.at != present) normalised *= restart_factor(view, job);
      const auto variable =
          program.add_variable({.upper = 1, .objective = utility(normalised), .integer = true});
      one.terms.push_back({variable, 1});
      room[choice.at.type.index()].terms.push_back({variable, static_cast<double>(choice.at.gpus)});
      choices.push_back(choice);
    }
    program.add_row(std::move(one));
  }

  SiaOptions options_;
  std::vector<std::int32_t> counts_;
  ActiveJobs jobs_;
  Outages outages_;
  std::vector<std::int64_t> left_;  // free GPUs by type while a pass goes on
};

const auto sia_registration = register_policy<Sia, SiaOptions>(
    "sia", "goodput by an integer program over GPU types and counts; moves and resizes",
    "Subramanya et al., Sia, SOSP'23; as adapted by the Crius artifact",
    {.adapts = true, .needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
