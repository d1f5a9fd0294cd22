// Sia as the Crius artifact adapts it: type and count of each job by a 0/1 program at each
// admission.
//
// Published: see sia.cpp.
// Read (Crius artifact, its Sia scheduler; how jobs are tried and placed: admissions.hpp):
// configurations are a GPU type and 1, 2, 4, 8 or 16 GPUs. One is worth (n g / l f)^0.5, at most
// 3000, with g the believed throughput (goodput: batch sizes stay), l the job's least one, n the
// smallest count on which it runs and f = max((e - 600 N) / (e + 600), 0.01) for e seconds of
// execution, of which rounds that pay for a restart are not, and N changes of GPUs, the first start
// being one. Where the job does not run it counts -1e9. Admitted jobs have one configuration each,
// the tried one at most one and 1 more for having it; at most 5 change theirs, one that is not
// taken in being counted as changed. More than 200 jobs go in partitions of 200, in order of
// admission, each with 5 / partitions changes and the GPUs that those before left of all. A new
// count of a running job changes what is believed and nothing else: only where the type is new is
// the job placed anew, with the count that was believed before. No waiting job holds up another.
// Inferred (published rounds of PAI and Helios): throughput is linear in the count, by the one on
// one GPU where data parallelism fits it, else by the largest count where it fits, halved. (Read:
// halved by mistake; the code as published takes best plans up to 16 GPUs, which its published
// runs did not do.) So are the memory of data parallelism where a job waits, and the solver: GLPK
// with its presolver, to which the values beside -1e9 are often equal, so that it does not find the
// best but what its order of unknowns leads to. Solved exactly, the rounds differ earlier.
// Falls short of the published PAI and Philly (docs/policies.md), whose wide_resnet__2B never runs
// on PAI and does here; why is not known.
// Ours: a job that may use some types only (`gpu_types: binding`) does not run on the others; GLPK
// has a budget of counts, there of 30 seconds; a plain duration has one configuration on
// each of its types.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "models/optimize/linear_program.hpp"
#include "sim/worlds/training/policies/arena_rivals/admissions.hpp"
#include "sim/worlds/training/toolkit/active_jobs.hpp"
#include "sim/worlds/training/toolkit/solved_program.hpp"

namespace orrery::policies {
namespace {

using namespace training;
using models::ProgramRow;
using platform::TypeId;

constexpr double kHighestValue = 3000;
constexpr double kLeastFactor = 0.01;

struct SiaArenaOptions {
  std::int32_t changes = 5;
  std::int32_t partition = 200;
  double restart_seconds = 600;
  models::ProgramBudget budget = {.pivots = 1'000'000, .nodes = 10, .presolve = true};
};
base::Declaration<SiaArenaOptions> declare(const SiaArenaOptions*) {
  base::Declaration<SiaArenaOptions> d("Sia as in the Crius artifact.");
  d.integer("changes", &SiaArenaOptions::changes,
            "most admitted jobs whose configuration one admission changes")
      .at_least(0)
      .at_most(8);
  d.integer("partition", &SiaArenaOptions::partition, "most jobs in one program").at_least(1);
  d.number("restart_cost", &SiaArenaOptions::restart_seconds, base::Dimension::time,
           "S of the restart factor max((e - N S) / (e + S), 0.01)")
      .at_least(1e-3);
  declare_budget(d, &SiaArenaOptions::budget);
  return d;
}

/// How long a job has executed, by the arena's count.
struct Execution {
  double seconds = 0;
  double counted_until = 0;
  double paying_until = 0;  ///< rounds until then pay for a restart
  std::int32_t starts = 0;  ///< known to be in the above

  double at(double now) const {
    return seconds + std::max(0.0, now - std::max(counted_until, paying_until));
  }
};

class SiaArena final : public Admissions {
 public:
  explicit SiaArena(const SiaArenaOptions& options)
      : options_(options), counts_(powers_of_two(16)) {}

  Actions decide(const View& view, const Delta& delta) override {
    note_starts(view);
    refused_.clear();
    return Admissions::decide(view, delta);
  }

 protected:
  std::optional<Allocation> allocate(const View& view, JobId tried) override {
    // Another job of the task would be refused by the very same program.
    const models::TaskId task = view.task(tried);
    if (!task.is_none() && refused_.contains(task)) return std::nullopt;
    auto allocation = solve(view, tried);
    if (allocation)
      refused_.clear();
    else if (!task.is_none() && !executions_.contains(tried))
      refused_.insert(task);
    return allocation;
  }

  bool may_run(const View& view, JobId job, TypeId type, models::Locality locality,
               bool arrival) const override {
    const models::Throughputs* known = arrival ? view.best_plan : view.throughput;
    return known != nullptr && known->of(view.task(job), type.index(), locality).feasible();
  }
  bool blocks() const override { return false; }
  std::int32_t moved_gpus(const Configuration& before, const Configuration&) const override {
    return before.gpus;
  }

 private:
  std::optional<Allocation> solve(const View& view, JobId tried) const {
    std::vector<Row> rows;
    rows.push_back(row_of(view, tried, {}));
    // Such a job is never taken in, whatever the program makes of the others.
    if (*std::ranges::max_element(rows.front().value) < 0) return std::nullopt;
    for (const AdmittedJob& a : admitted()) rows.push_back(row_of(view, a.job, a.believed));
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    std::vector<std::int64_t> left;
    for (std::size_t type = 0; type < view.free->types(); ++type)
      left.push_back(view.free->up_gpus(TypeId(type)));
    const auto size = static_cast<std::size_t>(options_.partition);
    const std::size_t partitions = (rows.size() - 1) / size + 1;
    const auto changes = options_.changes / static_cast<std::int32_t>(partitions);
    Allocation allocation;
    for (std::size_t from = 0; from < rows.size(); from += size) {
      const auto part = std::span(rows).subspan(from, std::min(size, rows.size() - from));
      if (!assign(part, from + size >= rows.size(), changes, left, allocation)) return std::nullopt;
    }
    return allocation;
  }

  /// A job in the program: what each configuration is worth to it.
  struct Row {
    std::vector<Configuration> at;
    std::vector<double> value;
    Configuration believed;  ///< no GPUs: the job that is tried
  };

  /// One program over `part`, the last one with the tried job in its last row; takes what it gives
  /// from `left`. False where it leaves a job without a configuration.
  bool assign(std::span<const Row> part, bool last, std::int32_t changes,
              std::vector<std::int64_t>& left, Allocation& allocation) const {
    models::LinearProgram program;
    program.maximize = false;
    // The artifact's order of unknowns and rows: among what the solver holds equal, order decides.
    for (std::size_t c = 0; c < part.front().at.size(); ++c)
      for (std::size_t j = 0; j < part.size(); ++j)
        program.add_variable({.upper = 1, .objective = -part[j].value[c], .integer = true});
    const auto variable = [&](std::size_t job, std::size_t c) { return c * part.size() + job; };
    std::vector<ProgramRow> one(part.size());
    std::vector<ProgramRow> room(left.size());
    ProgramRow kept{.terms = {}, .lower = static_cast<double>(part.size()) - changes};
    for (std::size_t c = 0; c < part.front().at.size(); ++c)
      for (std::size_t j = 0; j < part.size(); ++j) {
        const Configuration& at = part[j].at[c];
        one[j].terms.push_back({variable(j, c), 1});
        room[at.type.index()].terms.push_back({variable(j, c), static_cast<double>(at.gpus)});
        if (part[j].believed.gpus == 0 || part[j].believed == at)
          kept.terms.push_back({variable(j, c), 1});
      }
    for (ProgramRow& row : one) row.lower = row.upper = 1;
    if (last) {
      one.back().lower = -std::numeric_limits<double>::infinity();
      program.add_row(std::move(one.back()));
      one.pop_back();
    }
    for (std::size_t type = 0; type < left.size(); ++type) {
      room[type].upper = static_cast<double>(left[type]);
      program.add_row(std::move(room[type]));
    }
    program.add_row(std::move(kept));
    for (ProgramRow& row : one) program.add_row(std::move(row));
    const models::ProgramResult result = models::solve(program, options_.budget);
    if (!result.has_values()) return false;
    for (std::size_t j = 0; j < part.size(); ++j) {
      std::size_t c = 0;
      while (c < part[j].at.size() && result.values[variable(j, c)] < 0.5) ++c;
      if (c == part[j].at.size()) return false;
      left[part[j].at[c].type.index()] -= part[j].at[c].gpus;
      allocation.push_back(part[j].at[c]);
    }
    return true;
  }

  void note_starts(const View& view) {
    for (const JobId job : view.running) {
      Execution& execution = executions_[job];
      const JobStatus& status = view.at(job);
      if (status.starts == execution.starts) continue;
      execution.starts = status.starts;
      execution.seconds = execution.at(status.started_seconds);
      if (status.starts == 1) execution.seconds = 0;
      execution.counted_until = status.started_seconds;
      const double paid = view.restart == nullptr ? 0 : view.restart->seconds(status.gpus);
      const double round = view.round_seconds;
      execution.paying_until =
          status.started_seconds + (round > 0 ? round * (std::ceil(paid / round) - 1) : paid);
    }
  }

  double factor(const View& view, JobId job) const {
    const auto found = executions_.find(job);
    const double executed = found == executions_.end() ? 0 : found->second.at(view.now_seconds);
    const double restarts = found == executions_.end() ? 0 : found->second.starts;
    const double cost = options_.restart_seconds;
    return std::max((executed - restarts * cost) / (executed + cost), kLeastFactor);
  }

  double throughput(const View& view, JobId job, Configuration at) const {
    const double measured = believed_throughput(view, job, at);
    if (is_rigid(view, job) || at.gpus == 1 || measured <= 0) return measured;
    if (const double one = believed_throughput(view, job, {at.type, 1}); one > 0)
      return one * at.gpus;
    double one = 0;
    for (const std::int32_t gpus : counts_)
      if (const double thr = believed_throughput(view, job, {at.type, gpus}); thr > 0)
        one = thr / (2 * gpus);
    return one * at.gpus;
  }

  Row row_of(const View& view, JobId job, Configuration believed) const {
    Row row{{}, {}, believed};
    const std::int32_t asked = view.demand(job).gpus;
    const bool rigid = is_rigid(view, job);
    double least = std::numeric_limits<double>::infinity();
    std::int32_t fewest = std::numeric_limits<std::int32_t>::max();
    for (std::size_t type = 0; type < view.free->types(); ++type)
      for (const std::int32_t gpus : counts_) {
        // All jobs have as many columns; a rigid job's only one is where its count would stand.
        const bool own = asked > gpus ? gpus == counts_.back() : gpus < 2 * asked;
        row.at.push_back({TypeId(type), rigid && own ? asked : gpus});
        row.value.push_back(may_use(view, job, TypeId(type)) ? throughput(view, job, row.at.back())
                                                             : 0);
        if (row.value.back() <= 0) continue;
        least = std::min(least, row.value.back());
        fewest = std::min(fewest, gpus);
      }
    const double restarts = factor(view, job);
    for (double& value : row.value) {
      value = value > 0 ? std::min(std::sqrt(fewest * (value / least) * restarts), kHighestValue)
                        : kCannotRun;
      if (believed.gpus == 0) value += 1;
    }
    return row;
  }

  SiaArenaOptions options_;
  std::vector<std::int32_t> counts_;
  std::map<JobId, Execution> executions_;
  std::set<models::TaskId> refused_;  // since the belief last changed
};

const auto sia_arena_registration = register_policy<SiaArena, SiaArenaOptions>(
    "sia-arena", "type and count of each job by a 0/1 program at each admission; changes types",
    "Subramanya et al., Sia, SOSP'23; as adapted by the Crius artifact",
    {.adapts = true, .needs_throughputs = true});

}  // namespace
}  // namespace orrery::policies
