// The inside of TrainingCluster: its arrays and the events that change them. Private to this
// folder; split over training_cluster.cpp (arrivals and runs), cluster_decisions.cpp,
// cluster_failures.cpp, cluster_guests.cpp, cluster_migration.cpp, cluster_sharing.cpp and
// cluster_checks.cpp.
#pragma once

#include <unordered_map>
#include <vector>

#include "models/network/traffic.hpp"
#include "sim/worlds/training/action_checks.hpp"
#include "sim/worlds/training/scheduler.hpp"
#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::training {

struct TrainingCluster::State {
  State(platform::Platform& platform, platform::HolderId holder,
        const TrainingClusterConfig& config, const workloads::TrainingWorkload& workload,
        const JobThroughputs* throughputs, std::vector<platform::Guest> guests);

  platform::Platform& platform;
  const platform::HolderId holder;
  engine::Engine& engine;
  const TrainingClusterConfig config;
  const platform::Inventory& inventory;
  const platform::Fabric& fabric;
  const workloads::TrainingWorkload& workload;
  const JobThroughputs* throughputs;  ///< null: speeds are proportional to GPUs

  Division division;
  std::vector<JobStatus> status;
  std::vector<platform::Placement> placements;
  std::vector<engine::EventHandle> departures;
  std::vector<JobId> arrival_order;
  std::size_t next_arrival = 0;
  std::size_t open_jobs = 0;  ///< neither finished nor rejected nor failed; guests do not count
  ClusterCounts counts;

  struct LastWait {
    Reason reason = Reason::none;
    JobId because_of;
    double value = 0;
    bool operator==(const LastWait&) const = default;
  };
  std::vector<LastWait> last_wait;
  std::vector<ClusterObserver> observers;
  std::function<void(double)> decision_observer;

  // Arrivals, runs and decisions.
  void refuse_oversized();
  [[noreturn]] void refuse_unrunnable(JobId job) const;
  void schedule_next_arrival();
  void arrive();
  Scheduler& scheduler_of(JobId job) {
    return division.schedulers[division.scheduler_of_job[job.index()]];
  }
  void start_job(Scheduler& scheduler, const Action& action);
  void preempt_job(const Action& action);
  /// A change in two steps, so that jobs may change places: `vacate` first, all of a pass.
  platform::Placement vacate(const Action& action);
  void change_job(const Action& action, const platform::Placement& given);
  void drop_job(const Action& action);
  void finish_job(JobId job);
  void occupy(JobId job, platform::Placement placement);
  /// Work seconds per second of computing on a placement. Throws base::Error where the job cannot
  /// run there.
  double speed_on(JobId job, const platform::Placement& placement) const;
  models::ThroughputOrigin origin_on(JobId job, const platform::Placement& placement) const;
  const models::Throughput& throughput_on(JobId job, const platform::Placement& placement) const;
  /// Starts the run on the placement in hand; returns the seconds until work advances, infinity
  /// while they are not known.
  double begin_run(JobId job, bool resumed);
  void run_from(JobId job, double seconds);
  /// Banks the run in hand, frees its GPUs and moves the job to `to` (running: it goes on at
  /// once); returns the GPUs.
  platform::Placement end_run(JobId job, double work_left_seconds, JobState to);
  void leave_running(JobId job);
  void request_pass(Scheduler& scheduler);
  void pass(Scheduler& scheduler);
  void apply(Scheduler& scheduler, const Actions& actions);
  void note_wait(const Wait& wait);
  /// Runs that the policy ended one after the other before their work advanced at all.
  std::uint64_t fruitless_runs = 0;
  /// Counts a run that the policy is about to end. Throws base::Error where nothing but such runs
  /// has happened for long and nothing else is to come: the simulation would never end.
  void note_end_of_run(JobId job);
  void set_state(JobId job, JobState to);
  void close_job();
  void emit(const ClusterEvent& event) const;

  // Node failures, and GPUs that other worlds give back.
  void watch_platform();
  /// The scheduler of a node; null for one without GPUs.
  Scheduler* scheduler_at(platform::NodeId node);
  void fail_node(platform::NodeId node);
  void repair_node(platform::NodeId node);
  void interrupt_job(JobId job, platform::NodeId node);

  // Replicas of other worlds, the first jobs of the workload.
  std::vector<platform::Guest> guests;
  std::vector<bool> guest_has_left;
  std::size_t open_guests = 0;
  /// The guest that a job stands for, or nullptr.
  platform::Guest* guest_of(JobId job);
  void guest_is_ready(JobId job);
  void leave_guest(JobId job);
  void end_guest(JobId job);
  /// Something is still to be decided: jobs are open, or guests have not left.
  bool is_active() const { return open_jobs > 0 || open_guests > 0; }

  // Costs of starting, resuming and changing plans.
  struct MadePlans {
    std::vector<std::pair<platform::TypeId, std::int32_t>> searched;
    std::pair<platform::TypeId, std::int32_t> compiled;
  };
  std::vector<MadePlans> made_plans;  // by JobId; empty where nothing is to be paid
  double change_seconds(JobId job, bool resumed);

  // Migration of a job's state to other nodes.
  struct Migration {
    std::vector<platform::TransferId> transfers;
    std::size_t open = 0;
  };
  std::unordered_map<JobId, std::vector<platform::NodeId>> last_nodes;
  std::unordered_map<JobId, Migration> migrations;
  void remember_nodes(JobId job, const platform::Placement& placement);
  struct Transfer {
    platform::NodeId from, to;
    double bytes = 0;
  };
  std::vector<Transfer> transfers_of(JobId job) const;
  double isolated_migration_seconds(JobId job) const;
  /// Starts contending transfers; false when nothing must move. The run goes on
  /// `restart_seconds` after the last one arrives.
  bool migrate(JobId job, double restart_seconds);
  void cancel_migration(JobId job);

  // Sharing of the fabric among jobs that run on several nodes.
  std::vector<engine::EventHandle> joins;   // by JobId: its progress is still to begin
  std::vector<platform::MemberId> sharing;  // by JobId: its share; both empty when isolated
  /// The job begins to communicate at `seconds`, when its progress does.
  void join_fabric(JobId job, double seconds);
  void leave_fabric(JobId job);
  models::CommunicationShare communication_of(JobId job,
                                              const platform::Placement& placement) const;
  void join_now(JobId job, models::JobTraffic traffic);
  void slow_down(JobId job, double slowdown);

  // Checks.
  ActionChecks checks() const {
    return {workload, inventory, division, status, placements, &fabric};
  }
  void check_invariants() const;
};

}  // namespace orrery::training
