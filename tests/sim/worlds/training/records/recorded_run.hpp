// Runs made of events written by hand: a cluster, jobs, and what happened to them.
#pragma once

#include <string>
#include <vector>

#include "models/base/result_directory.hpp"
#include "sim/worlds/training/records/run_recorder.hpp"
#include "tests/sim/report/temporary_directory.hpp"

namespace orrery::training::testing {

using report::testing::read_text;
using report::testing::TemporaryDirectory;
using report::testing::write_text;

/// Nodes by count, type and GPUs.
platform::Inventory inventory_of(const std::vector<platform::NodeGroup>& groups);

/// One GPU share on one node: `share(0, 2, 0b11)`.
platform::NodeShare share(std::size_t node, std::int32_t gpus, std::uint64_t slots,
                          std::int32_t milli = 1000);

/// A run written into `directory`/`name`, event by event.
class RecordedRun {
 public:
  RecordedRun(const std::string& path, platform::Inventory inventory,
              workloads::TrainingWorkload workload, const RecordOptions& options = {});

  /// The events, in the words of the world.
  void held_back(double at, std::size_t job, int after);
  void submitted(double at, std::size_t job);
  void rejected(double at, std::size_t job);
  void dropped(double at, std::size_t job);
  void started(double at, std::size_t job, platform::Placement placement,
               Reason reason = Reason::queue_order, int because_of = -1);
  void resumed(double at, std::size_t job, platform::Placement placement, double restart_seconds);
  void migrated(double at, std::size_t job, double restart_seconds);
  void changed(double at, std::size_t job, platform::Placement placement, double restart_seconds,
               double speed = 1);
  void preempted(double at, std::size_t job, Reason reason, int because_of);
  void interrupted(double at, std::size_t job, std::size_t node, double lost_work_seconds);
  void failed(double at, std::size_t job, std::size_t node, double lost_work_seconds);
  void finished(double at, std::size_t job);
  void waits(double at, std::size_t job, Reason reason, int because_of = -1, double value = 0);
  void node_failed(double at, std::size_t node);
  void node_repaired(double at, std::size_t node);
  /// What the speeds of all that starts from now on rest on.
  void rest_on(models::ThroughputOrigin origin) { origin_ = origin; }

  /// Writes the summary, the costs and an experiment too, and gives the directory its name.
  RunTotals finish(double end_seconds, bool horizon_cut = false);
  RunRecorder& recorder() { return recorder_; }

 private:
  void emit(ClusterEvent event);
  void stop(ClusterEvent event);

  platform::Inventory inventory_;
  workloads::TrainingWorkload workload_;
  base::ResultDirectory directory_;
  RunRecorder recorder_;
  ClusterObserver observer_;
  std::vector<platform::Placement> placements_;
  models::ThroughputOrigin origin_ = models::ThroughputOrigin::none;
};

/// A job of whole GPUs; `samples_per_second` over 100 s of work where it is above 0.
workloads::TrainingJob job(const std::string& id, double submit_seconds, std::int32_t gpus = 1,
                           double samples_per_second = 0);
workloads::TrainingWorkload workload_of(std::vector<workloads::TrainingJob> jobs);

}  // namespace orrery::training::testing
