// The life of jobs on a cluster, whichever rules it keeps: they arrive, the policy is asked, its
// decisions are carried out, and observers are told. What a run costs and how its work advances is
// for the rules: TrainingCluster and arena::ArenaCluster. Private to this world.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/platform/platform.hpp"
#include "sim/worlds/training/action_checks.hpp"
#include "sim/worlds/training/change_costs.hpp"
#include "sim/worlds/training/cluster.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/progress_watch.hpp"
#include "sim/worlds/training/scheduler.hpp"
#include "sim/worlds/training/successions.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// What policies are told of the rules, and what their actions are checked against.
struct CommonRules {
  double round_seconds = 0;
  CostByGpus restart;
  const platform::Fabric* fabric = nullptr;  ///< null: every node reaches every other
  bool goes_by_file = false;                 ///< of View
  std::int64_t stuck_after = kStuckAfter;    ///< of ProgressWatch
};

class JobLife {
 public:
  /// Without `throughputs` speeds are proportional to GPUs. The references are kept.
  JobLife(platform::Platform& platform, platform::HolderId holder, const CommonRules& rules,
          const workloads::TrainingWorkload& workload, const JobThroughputs* throughputs,
          Division division);
  JobLife(const JobLife&) = delete;
  JobLife& operator=(const JobLife&) = delete;
  virtual ~JobLife() = default;

  platform::Platform& platform;
  const platform::HolderId holder;
  engine::Engine& engine;
  const CommonRules common;
  const platform::Inventory& inventory;
  const workloads::TrainingWorkload& workload;
  const JobThroughputs* throughputs;

  Division division;
  std::vector<JobStatus> status;                // by JobId, as are the next two
  std::vector<platform::Placement> placements;  // what it holds
  std::vector<Wait> last_wait;                  // as told
  Successions successions;
  std::vector<JobId> arrival_order;
  std::size_t next_arrival = 0;
  std::size_t open_jobs = 0;  ///< neither finished nor rejected nor failed; guests do not count
  ClusterCounts counts;
  ProgressWatch watch;
  std::vector<ClusterObserver> observers;
  std::function<void(double)> decision_observer;

  Scheduler& scheduler_of(JobId job) {
    return division.schedulers[division.scheduler_of_job[job.index()]];
  }

  virtual void start();

  /// Counts a step that may lead nowhere. Throws base::Error (run_failed) saying what kept the jobs
  /// where so many of them did that the run would never end.
  void watch_step(ProgressWatch::Step step);

  // Decisions.
  void pass(Scheduler& scheduler);
  /// Adds to the oversized jobs those that a policy made anew would leave pending for ever on its
  /// scheduler's nodes with nothing else there: no shape that it knows fits, or no throughput of
  /// theirs is known on any. To be called before anything happens.
  void find_unstartable(const std::function<std::unique_ptr<Policy>()>& make_policy);

  // Speeds.
  bool has_task(JobId job) const;
  /// Of a job that has a task.
  const models::Throughput& throughput_on(JobId job, const platform::Placement& placement) const;
  models::ThroughputOrigin origin_on(JobId job, const platform::Placement& placement) const;
  /// Seconds on what the job asks for, the unit of JobStatus, of one iteration.
  double iteration_unit(JobId job) const;
  /// Work seconds per second of computing on a placement. Throws base::Error where the job cannot
  /// run there.
  double speed_on(JobId job, const platform::Placement& placement) const;

  // Runs.
  /// Gives the job's GPUs back; they are what is returned.
  platform::Placement release(JobId job);
  /// Counts and tells the end of a job that gave `given` back.
  void finish(JobId job, const platform::Placement& given);
  /// The job is no longer open: those that waited for its end are submitted in due time.
  void close_job(JobId job);
  void set_state(JobId job, JobState to);
  void emit(const ClusterEvent& event) const;
  /// Says that a job that has just become pending waits for the next round, where that is later.
  void note_round(JobId job);
  ActionChecks checks() const {
    return {workload, inventory, division, status, placements, common.fabric};
  }

 private:
  // What a set of rules adds.
  /// Whether a job submitted then still arrives.
  virtual bool arrives_at(double /*seconds*/) const { return true; }
  virtual void has_arrived(JobId /*job*/) {}
  virtual void has_finished(JobId /*job*/) {}
  /// What policies are told of run times; null: nothing.
  virtual const RunTimes* run_times() const { return nullptr; }
  /// Seconds of a running job's work that are left at this instant.
  virtual double work_left(JobId job) const = 0;
  /// The job holds its placement. Returns the seconds until work advances, infinity while they are
  /// not known. `first`: it never ran before.
  virtual double begin_run(JobId job, bool first) = 0;
  /// Ends the run in hand, its work banked; the job is pending. Returns what it held.
  virtual platform::Placement suspend(JobId job) = 0;
  /// Ends the run in hand; another begins at once. Returns what it held.
  virtual platform::Placement vacate(JobId job) = 0;
  virtual void wake_at(Scheduler& scheduler, std::optional<double> seconds) = 0;

  /// Why no job came nearer its end, as the rest of a sentence.
  std::string what_keeps() const;
  void schedule_next_arrival();
  void arrive();
  void submit(JobId job);
  View view_of(const Scheduler& scheduler) const;
  bool can_start(const Scheduler& scheduler, JobId job, Policy& policy);
  Actions decide(Scheduler& scheduler);
  void apply(Scheduler& scheduler, const Actions& actions);
  /// Of a start or a change, on the GPUs it names; a change gave `given` back.
  void enter(Scheduler& scheduler, const Action& action, const platform::Placement& given);
  void preempt_job(const Action& action);
  void drop_job(JobId job, ClusterEvent::Kind kind, Reason reason, JobId because_of);
  void occupy(JobId job, platform::Placement placement);
  void note_wait(const Wait& wait);
  /// Says why a pending job waits of which its policy said nothing.
  void explain_wait(const Scheduler& scheduler, JobId job);
};

}  // namespace orrery::training
