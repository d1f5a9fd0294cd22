// The inside of ArenaCluster. Private to this folder; split over arena_cluster.cpp (rounds) and
// arena_decisions.cpp (what a policy sees and does).
#pragma once

#include <map>
#include <vector>

#include "sim/worlds/training/action_checks.hpp"
#include "sim/worlds/training/arena/arena_cluster.hpp"
#include "sim/worlds/training/arena/arena_progress.hpp"

namespace orrery::training::arena {

using training::Action;
using training::ClusterEvent;
using training::JobId;
using training::JobState;
using training::JobStatus;

struct ArenaCluster::State {
  State(platform::Platform& platform, platform::HolderId holder, const ArenaConfig& config,
        const workloads::TrainingWorkload& workload, const training::JobThroughputs& throughputs);

  platform::Platform& platform;
  const platform::HolderId holder;
  engine::Engine& engine;
  const ArenaConfig config;
  const ProgressRules rules;
  const platform::Inventory& inventory;
  const workloads::TrainingWorkload& workload;
  const training::JobThroughputs& throughputs;

  training::Division division;  // one scheduler
  training::Scheduler& scheduler() { return division.schedulers.front(); }
  std::vector<JobStatus> status;
  std::vector<JobProgress> progress;
  std::vector<models::Throughput> speed;  // by JobId, on the placement in hand
  std::vector<platform::Placement> placements;
  std::map<JobId, platform::Placement> held_before;  // of jobs that this round's pass touched
  std::vector<JobId> arrival_order;
  std::size_t next_arrival = 0;
  std::int64_t round = 0;
  std::optional<double> wake_at_seconds;
  std::size_t open_jobs = 0;
  training::ClusterCounts counts;
  std::vector<training::Wait> last_wait;
  std::vector<training::ClusterObserver> observers;
  std::function<void(double)> decision_observer;

  // Rounds.
  void schedule_next_arrival();
  void arrive();
  double round_begin() const { return static_cast<double>(round) * config.round_seconds; }
  void run_round();
  void schedule_next_round();
  void advance_running();
  void finish_job(JobId job);
  void close_job();
  double take_throughput();

  // Decisions.
  void pass();
  void show_progress(JobId job);
  void apply(const training::Actions& actions);
  void start_job(const Action& action);
  void preempt_job(const Action& action);
  platform::Placement vacate(const Action& action);
  void change_job(const Action& action, const platform::Placement& given);
  void drop_job(JobId job, ClusterEvent::Kind kind, training::Reason reason, JobId because_of);
  void note_wait(const training::Wait& wait);
  /// Takes the GPUs; returns the seconds of the restart that begins, or is still being paid.
  double begin_run(const Action& action, bool first_start);
  platform::Placement end_run(JobId job);
  bool got_new_gpus(JobId job) const;
  /// Seconds on what the job asks for, the unit of JobStatus, of one iteration.
  double iteration_unit(JobId job) const;
  void set_state(JobId job, JobState to);
  void emit(const ClusterEvent& event) const;
  training::ActionChecks checks() const {
    return {workload, inventory, division, status, placements};
  }
};

}  // namespace orrery::training::arena
