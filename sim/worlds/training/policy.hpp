// The interface of a cluster scheduling policy: a plain function of a snapshot and of what changed.
//
// A policy is called with a View (spans over the world's own arrays, never a copy) and a Delta
// (what happened since its last call) and answers with Actions. It may keep private state that it
// could rebuild from the Deltas. It never touches the engine, the machine's clock or a file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/parameters.hpp"
#include "models/base/registry.hpp"
#include "models/throughput/throughputs.hpp"
#include "sim/platform/placement_state.hpp"
#include "sim/worlds/training/change_costs.hpp"
#include "sim/worlds/training/demand.hpp"
#include "sim/worlds/training/job_status.hpp"
#include "sim/worlds/training/reason.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

using workloads::JobId;

/// No rounds are shorter: no cluster decides so often, and a day has 864,000 of them.
inline constexpr double kShortestRoundSeconds = 0.1;

/// How long runs last, as the world will count them.
class RunTimes {
 public:
  virtual ~RunTimes() = default;
  /// Seconds for which a pending job would hold these GPUs if it started on them now and nobody
  /// stopped it: what starting costs, the work that is left at its speed there, checkpoints. On a
  /// shared fabric as if it had that to itself. Throws base::Error where it cannot run there.
  virtual double seconds(JobId job, const platform::Placement& placement) const = 0;
};

/// The state of one scheduler's share of the cluster at one instant. Arrays of jobs are indexed by
/// JobId and hold all jobs of the workload; a policy sees by Delta which of them are its own.
struct View {
  double now_seconds = 0;
  std::span<const workloads::TrainingJob> jobs = {};
  std::span<const JobStatus> status = {};
  std::span<const DemandId> demand_of = {};
  std::span<const Demand> demands = {};
  std::span<const platform::NodeInfo> nodes = {};
  const platform::PlacementState* free = nullptr;        ///< GPUs free now
  std::span<const platform::Placement> placements = {};  ///< by JobId, empty when not running
  std::span<const JobId> running = {};                   ///< in order of their (re)start
  /// How fast jobs are believed to run where; null without a throughput model.
  const models::Throughputs* throughput = nullptr;
  /// How fast they run with their best plan, for a policy that weighs both; null where that is.
  const models::Throughputs* best_plan = nullptr;
  std::span<const models::TaskId> task_of = {};  ///< by JobId; none: a plain duration
  /// A job's GPU types are what it asks for; a policy that knows better may choose others.
  bool types_are_preferences = false;
  bool goes_by_file = false;            ///< the order of jobs is their file's (`rules: arena`)
  double round_seconds = 0;             ///< between decisions; 0: at every change
  const CostByGpus* restart = nullptr;  ///< what a resume or change will cost; null: nothing
  const RunTimes* run_times = nullptr;  ///< of jobs that start now; null where rules are others

  const Demand& demand(JobId job) const { return demands[demand_of[job.index()].index()]; }
  const JobStatus& at(JobId job) const { return status[job.index()]; }
  /// What first in, first out goes by: the submission, or the place in the file; jobs of one
  /// instant go by their number.
  double queue_order(JobId job) const {
    return goes_by_file ? static_cast<double>(job.index()) : at(job).submitted_seconds;
  }
  /// Seconds of work left on the requested GPUs, exact at this instant.
  double remaining_seconds(JobId job) const { return at(job).remaining_at(now_seconds); }
  /// GPU-seconds of service attained until now (time in restart included).
  double attained_gpu_seconds(JobId job) const { return at(job).attained_at(now_seconds); }
  /// The task of a job, where throughputs are known and the job is counted in iterations.
  models::TaskId task(JobId job) const {
    return throughput == nullptr ? models::TaskId{} : task_of[job.index()];
  }
  /// Iterations left, in parts: the work left against the duration of the whole.
  double remaining_iterations(JobId job) const {
    const workloads::TrainingJob& j = jobs[job.index()];
    if (j.duration_seconds <= 0) return 0;
    return static_cast<double>(j.iterations) * remaining_seconds(job) / j.duration_seconds;
  }
};

/// What changed since the last call, each list in order of happening.
struct Delta {
  std::span<const JobId> arrived;
  std::span<const JobId> finished;
  std::span<const JobId> interrupted;  ///< thrown out by a node failure: pending again
  std::span<const platform::NodeId> failed_nodes;
  /// Back from an outage, or with GPUs that another world gave back; a node may stand here twice.
  std::span<const platform::NodeId> repaired_nodes;
  bool woken = false;  ///< the time asked for by `wake_at_seconds` has come
};

/// One thing to do; a job stands in at most one of a pass. All GPUs given up by preempt and change
/// are free before the first is taken, so jobs may change places.
struct Action {
  enum class Kind : std::uint8_t {
    start,    ///< a pending job starts or resumes on `placement`
    preempt,  ///< a running job stops, keeps its progress and is pending again
    change,   ///< a running job goes on with `placement` instead: moved, resized or both
    drop,     ///< a pending job is given up for ever and counts as rejected
  };
  Kind kind = Kind::start;
  JobId job;
  platform::Placement placement;
  Reason reason = Reason::queue_order;
  JobId because_of;
};

/// Why a pending job was not started; recorded when it differs from the last one for that job.
struct Wait {
  JobId job;
  Reason reason = Reason::not_enough_gpus;
  JobId because_of;
  double value = 0;
};

/// How often a solver that a policy asked did less than prove the best answer.
struct SolverRecord {
  std::uint64_t unproven = 0;  ///< it gave the best that it had found
  std::uint64_t given_up = 0;  ///< it had found none: the policy left things as they were
};

struct Actions {
  std::vector<Action> actions;
  std::vector<Wait> waits;
  std::optional<double> wake_at_seconds;  ///< replaces an earlier wish; nullopt: no wish
  SolverRecord solver = {};
};

class Policy {
 public:
  virtual ~Policy() = default;
  virtual Actions decide(const View& view, const Delta& delta) = 0;
  /// Told all jobs before anything happens. Throws base::Error for one on which it could not decide
  /// within sensible time and memory.
  virtual void check(const workloads::TrainingWorkload& /*workload*/,
                     double /*round_seconds*/) const {}
};

/// What a policy does and needs, which a result rests on.
struct PolicyTraits {
  /// It changes GPU types or counts, so it also sees jobs that cannot run on what they ask for;
  /// for other policies such jobs are treated as `on_oversized_job` says.
  bool adapts = false;
  bool foresees = false;  ///< it goes by how long jobs will run, which the trace tells
  /// It decides by how fast jobs run where; without throughputs all its jobs are the same to it.
  bool needs_throughputs = false;
};

/// One policy as registered by its file.
struct PolicyEntry {
  std::string name;               ///< as in YAML
  std::string help;               ///< one line
  std::string source;             ///< the publication; what is ours is said in the file's header
  base::DeclarationInfo options;  ///< parameters beside `name` (and `label`)
  std::function<std::unique_ptr<Policy>(const base::Node& options)> make;
  PolicyTraits traits = {};
};

base::Registry<PolicyEntry>& policy_registry();
/// All policies, sorted by name.
std::vector<const PolicyEntry*> policies();
const PolicyEntry* find_policy(std::string_view name);

/// Registers a policy at start-up: one static object per file in sim/worlds/training/policies.
struct PolicyRegistration {
  explicit PolicyRegistration(PolicyEntry entry);
};

/// Registers class P, made from its options struct O (which has a `declare`).
template <class P, class O>
PolicyRegistration register_policy(std::string name, std::string help, std::string source,
                                   PolicyTraits traits = {}) {
  return PolicyRegistration(
      {std::move(name), std::move(help), std::move(source), base::describe<O>(),
       [](const base::Node& node) { return std::make_unique<P>(base::read<O>(node)); }, traits});
}

}  // namespace orrery::training
