// Listens to a training cluster and writes what happened into a directory of results.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/base/files.hpp"
#include "sim/platform/node.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/summary.hpp"
#include "workloads/training_job.hpp"

namespace orrery::report {

/// Which files are written beside the summaries.
struct RecordOptions {
  bool allocations = true;
  bool timeline = true;
  bool decisions = true;
  bool sharing = false;  ///< sharing.csv: for runs on a shared fabric
  bool trace = true;     ///< trace.json, at most `trace_events` events
  std::uint64_t trace_events = 1'000'000;
};

/// What identifies the run in its files.
struct RunLabel {
  std::string run_id;
  std::string name;
  std::string policy;
  std::uint64_t seed = 0;
};

/// Files (columns in docs/results.md): jobs.csv beginning with
/// `job_id,submit_seconds,start_seconds,finish_seconds,state`, allocations.csv, timeline.csv,
/// decisions.csv, trace.json. Rows are streamed, so memory does not grow with the length of a run
/// beyond what summaries need (about 250 bytes a job).
class RunRecorder {
 public:
  /// Inventory and workload must outlive the recorder.
  RunRecorder(const RunLabel& label, const RecordOptions& options,
              const platform::Inventory& inventory, const workloads::TrainingWorkload& workload,
              const base::ResultDirectory& directory);
  ~RunRecorder();

  /// The observer to subscribe; valid as long as the recorder.
  training::ClusterObserver observer();
  void decision_took(double wall_seconds);

  /// Closes all files but the summaries and returns the figures. `end_seconds` is the clock at the
  /// end; `horizon_cut` says that a horizon, not exhaustion, ended the run. Call it once.
  Summary finish(double end_seconds, bool horizon_cut, std::uint64_t events);
  /// Decision latencies gathered; wall time and memory are the caller's to fill in.
  Performance performance() const;
  /// Events that trace.json had no room for.
  std::uint64_t trace_events_left_out() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orrery::report
