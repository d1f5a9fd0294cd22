// trace.json in the Chrome trace event format, which the Perfetto UI opens.
//
// A process is a node and a thread one of its GPUs; runs are complete events (X) there. Shares of a
// GPU may overlap, so they are async events (b, e) of their node, and so are queue waits, on a
// process of their own. Preemptions and failures are instants, use and queue length are counters,
// written when they change. Times are microseconds from the start of the simulation.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/files.hpp"
#include "sim/platform/node.hpp"
#include "sim/worlds/training/records/allocation_spans.hpp"
#include "sim/worlds/training/records/usage_meter.hpp"

namespace orrery::training {

class TraceExport {
 public:
  /// Writes at most `limit` events, the names of processes and threads among them: these take 10 %
  /// at most, the first nodes first. What they leave is shared: runs 60 %, waits and counters 15 %
  /// each, instants 10 %.
  TraceExport(const std::string& path, const platform::Inventory& inventory,
              const workloads::TrainingWorkload& workload, std::uint64_t limit);

  void on_event(const ClusterEvent& event);
  void on_span(const AllocationSpan& span);
  void on_state(double seconds, const UsageState& state);
  /// Ends open waits and the file; how many events were left out stands in its `otherData`.
  void close(double end_seconds);

  std::uint64_t left_out() const;

 private:
  enum Class { kNames, kRuns, kWaits, kCounters, kInstants, kClasses };
  struct Budget {
    std::uint64_t left = 0;
    std::uint64_t left_out = 0;
  };

  bool take(Class kind, std::uint64_t events);
  void begin_event(std::string_view phase, std::string_view name, double seconds);
  void put(std::string_view key, std::int64_t value);
  void put(std::string_view key, std::string_view value);
  void end_event();
  void write_names();
  void write_name(std::string_view what, std::int64_t pid, std::int64_t tid, std::string_view name);
  void write_gpu_run(const AllocationSpan& span, const platform::NodeShare& share, int slot);
  void write_async(std::string_view category, std::string_view name, std::int64_t pid,
                   double start_seconds, double end_seconds);
  void write_instant(std::string_view name, const ClusterEvent& event, platform::NodeId node);
  void write_counter(std::string_view name, double seconds, std::string_view key, double value);
  void end_wait(workloads::JobId job, double seconds);
  std::int64_t pid_of(platform::NodeId node) const;
  std::int64_t tid_of(platform::NodeId node, int slot) const;

  base::FileWriter file_;
  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  std::array<Budget, kClasses> budgets_;
  std::vector<double> pending_since_;  // by job; negative: not pending
  UsageState last_;
  std::string buffer_;
  std::int64_t next_async_id_ = 1;
  bool any_event_ = false;
};

}  // namespace orrery::training
