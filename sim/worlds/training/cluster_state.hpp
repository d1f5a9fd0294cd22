// The inside of TrainingCluster: what its rules add to the life of jobs. Private to this folder;
// split over training_cluster.cpp (runs), cluster_passes.cpp, cluster_failures.cpp,
// cluster_guests.cpp, cluster_migration.cpp, cluster_sharing.cpp, cluster_costs.cpp and
// cluster_checks.cpp.
#pragma once

#include <unordered_map>
#include <vector>

#include "models/network/traffic.hpp"
#include "sim/worlds/training/job_life.hpp"
#include "sim/worlds/training/training_cluster.hpp"

namespace orrery::training {

struct TrainingCluster::State final : JobLife, RunTimes {
  State(platform::Platform& platform, platform::HolderId holder,
        const TrainingClusterConfig& config, const workloads::TrainingWorkload& workload,
        const JobThroughputs* throughputs, std::vector<platform::Guest> guests);

  const TrainingClusterConfig config;
  const platform::Fabric& fabric;
  std::vector<engine::EventHandle> departures;  // by JobId

  // Passes and runs.
  void refuse_oversized();
  [[noreturn]] void refuse_unrunnable(JobId job) const;
  void has_arrived(JobId job) override { request_pass(scheduler_of(job)); }
  void has_finished(JobId job) override { request_pass(scheduler_of(job)); }
  void request_pass(Scheduler& scheduler);
  void begin_pass(Scheduler& scheduler);
  void wake_at(Scheduler& scheduler, std::optional<double> seconds) override;
  double begin_run(JobId job, bool first) override;
  void run_from(JobId job, double seconds);
  platform::Placement suspend(JobId job) override;
  platform::Placement vacate(JobId job) override;
  /// Banks the run in hand, frees its GPUs and moves the job to `to` (running: it goes on at
  /// once); returns the GPUs.
  platform::Placement end_run(JobId job, double work_left_seconds, JobState to);
  void leave_running(JobId job);
  void finish_job(JobId job);
  double work_left(JobId job) const override {
    return status[job.index()].remaining_at(engine.now_seconds());
  }

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
  /// What it holds, in thousandths of a GPU.
  std::int64_t guest_milli(JobId job) const;
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
  /// What it costs to start on a placement, with the plans made so far.
  double cost_on(JobId job, bool first, const platform::Placement& placement) const;
  /// The same for the placement it holds, whose plan is made by that.
  double change_seconds(JobId job, bool first);
  const RunTimes* run_times() const override { return this; }
  double seconds(JobId job, const platform::Placement& placement) const override;

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
  std::vector<Transfer> transfers_to(JobId job, const platform::Placement& placement) const;
  double isolated_migration_seconds(JobId job, const platform::Placement& placement) const;
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

  void check_invariants() const;
};

}  // namespace orrery::training
