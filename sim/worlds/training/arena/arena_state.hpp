// The inside of ArenaCluster: what its rules add to the life of jobs. Private to this folder; split
// over arena_cluster.cpp (rounds) and arena_runs.cpp.
#pragma once

#include <map>
#include <vector>

#include "sim/worlds/training/arena/arena_cluster.hpp"
#include "sim/worlds/training/arena/arena_progress.hpp"
#include "sim/worlds/training/job_life.hpp"

namespace orrery::training::arena {

using training::ClusterEvent;
using training::JobId;
using training::JobState;
using training::JobStatus;

struct ArenaCluster::State final : training::JobLife, training::RunTimes {
  State(platform::Platform& platform, platform::HolderId holder, const ArenaConfig& config,
        const workloads::TrainingWorkload& workload, const training::JobThroughputs& throughputs);

  const ArenaConfig config;
  const ProgressRules rules;
  training::Scheduler& scheduler() { return division.schedulers.front(); }  // the only one
  std::vector<JobProgress> progress;
  std::vector<models::Throughput> speed;             // by JobId, on the placement in hand
  std::map<JobId, platform::Placement> held_before;  // of jobs that this round's pass touched
  std::int64_t round = 0;
  std::optional<double> wake_at_seconds;

  // Rounds.
  void start() override;
  bool arrives_at(double seconds) const override;
  double round_begin() const { return static_cast<double>(round) * config.round_seconds; }
  void run_round();
  void schedule_next_round();
  void advance_running();
  void finish_job(JobId job);
  double take_throughput();

  // Runs.
  void show_progress(JobId job);
  /// What a restart costs on so many GPUs.
  double charge(std::int32_t gpus, bool first) const;
  const training::RunTimes* run_times() const override { return this; }
  double seconds(JobId job, const platform::Placement& placement) const override;
  void wake_at(training::Scheduler& /*scheduler*/, std::optional<double> seconds) override {
    wake_at_seconds = seconds;
  }
  /// Returns the seconds of the restart that begins, or is still being paid.
  double begin_run(JobId job, bool first) override;
  platform::Placement suspend(JobId job) override;
  platform::Placement vacate(JobId job) override;
  platform::Placement end_run(JobId job);
  void leave_running(JobId job, JobState to);
  double work_left(JobId job) const override;
  bool got_new_gpus(JobId job) const;
};

}  // namespace orrery::training::arena
