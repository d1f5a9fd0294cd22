// How much of the cluster is in use: the state now, and its integrals over time.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "sim/platform/node.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// What a cluster does at one instant. GPUs are counted in thousandths, so that sums are exact.
struct UsageState {
  std::vector<std::int64_t> used_milli;       ///< by GPU type
  std::vector<std::int64_t> available_milli;  ///< by GPU type: GPUs of nodes that are up
  std::int64_t running_jobs = 0;
  std::int64_t pending_jobs = 0;
  double samples_per_second = 0;  ///< of jobs whose work advances

  std::int64_t used() const;
  std::int64_t available() const;
  bool operator==(const UsageState&) const = default;
};

/// Integrals run from the first submit of a job that is not given up before it runs to the last
/// instant at which a job finished or failed, or to the horizon where one cut the run
/// (docs/metrics.md).
class UsageMeter {
 public:
  using Listener = std::function<void(double seconds, const UsageState& state)>;

  UsageMeter(const platform::Inventory& inventory, const workloads::TrainingWorkload& workload);

  /// Told the last state of every instant at which something changed, once time has moved on.
  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  void on_event(const ClusterEvent& event);
  /// The clock has reached its end; a horizon prolongs the integrals to it.
  void finish(double end_seconds, bool horizon_cut);

  const UsageState& state() const { return state_; }
  bool has_samples() const { return has_samples_; }
  /// Allocated over available GPU-seconds; nothing when no GPU time passed.
  std::optional<double> utilization() const;
  /// Absent where no job says how many samples it computes.
  std::optional<double> mean_samples_per_second() const;
  double peak_samples_per_second() const { return peak_samples_; }
  double restart_gpu_seconds() const { return restart_milli_seconds_ / 1000; }

 private:
  struct Integrals {
    double seconds = 0, used_milli_seconds = 0, available_milli_seconds = 0, samples = 0;
    Integrals operator-(const Integrals& other) const {
      return {seconds - other.seconds, used_milli_seconds - other.used_milli_seconds,
              available_milli_seconds - other.available_milli_seconds, samples - other.samples};
    }
  };
  struct Run {
    double since_seconds = 0;
    double restart_seconds = 0;
    double rate = 0;  // samples per second once the restart is over
    std::int64_t milli = 0;
    std::uint32_t serial = 0;  // tells a run from an earlier one of the same job
    bool advancing = false;
  };
  struct RestartEnd {
    double seconds = 0;
    std::uint32_t job = 0;
    std::uint32_t serial = 0;
    bool operator>(const RestartEnd& other) const {
      return seconds != other.seconds ? seconds > other.seconds : job > other.job;
    }
  };

  /// 1 for a job, 0 for a replica of a service, which is in no count of jobs.
  std::int64_t counted(const ClusterEvent& event) const {
    return workload_.jobs[event.job.index()].endless ? 0 : 1;
  }
  void apply(const ClusterEvent& event);
  /// Settles when the window begins, as far as that is known.
  void open_window(const ClusterEvent& event);
  void advance_to(double seconds);
  void move_clock(double seconds);
  void begin_run(const ClusterEvent& event);
  /// Lets the run's samples count from the end of its restart, once that is known.
  void change_rate(const ClusterEvent& event);
  void await_restart_end(Run& run, workloads::JobId job);
  void end_run(const ClusterEvent& event, std::span<const platform::NodeShare> given_back);
  void hold(std::span<const platform::NodeShare> placement, std::int64_t sign);
  void set_advancing(Run& run, bool advancing);
  void node_available(platform::NodeId node, std::int64_t sign);

  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  std::vector<Listener> listeners_;
  UsageState state_;
  std::vector<Run> runs_;  // by job
  std::priority_queue<RestartEnd, std::vector<RestartEnd>, std::greater<>> restart_ends_;
  Integrals integrals_;
  Integrals window_;
  double now_seconds_ = 0;
  double peak_samples_ = 0;
  double restart_milli_seconds_ = 0;
  std::int64_t advancing_runs_ = 0;
  bool has_samples_ = false;
  // The window begins with the first job that is kept: until it has run, each later one may be it.
  struct Opening {
    workloads::JobId job;
    Integrals before;
  };
  std::deque<Opening> openings_;
  bool opened_ = false;  // the first job that is kept has run; the window begins at `begin_`
  Integrals begin_;
  bool changed_ = false;  // since the listeners were last told
};

}  // namespace orrery::training
