// Listens to a training cluster and writes what happened into a directory of results.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/base/result_directory.hpp"
#include "sim/platform/node.hpp"
#include "sim/world/section.hpp"
#include "sim/worlds/training/cluster.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/free_gpus.hpp"
#include "sim/worlds/training/records/run_totals.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// Which files are written beside the summaries.
struct RecordOptions {
  bool allocations = true;
  bool timeline = true;
  bool decisions = true;
  bool sharing = false;  ///< sharing.csv: for runs on a shared fabric
  bool trace = true;     ///< trace.json, at most `trace_events` events
  std::uint64_t trace_events = 1'000'000;
};

/// Files (columns in docs/results.md): jobs.csv beginning with
/// `job_id,submit_seconds,start_seconds,finish_seconds,state`, allocations.csv, timeline.csv,
/// decisions.csv, trace.json. Rows are streamed, so memory does not grow with the length of a run
/// beyond what summaries need (about 250 bytes a job).
class RunRecorder {
 public:
  /// Inventory and workload must outlive the recorder.
  RunRecorder(const RecordOptions& options, const platform::Inventory& inventory,
              const workloads::TrainingWorkload& workload, const base::ResultFolder& folder,
              Pools pools = {});
  ~RunRecorder();

  /// The observer to subscribe; valid as long as the recorder.
  ClusterObserver observer();
  void decision_took(double wall_seconds);

  /// Closes all files and returns the figures. `end_seconds` is the clock at the end; `horizon_cut`
  /// says that a horizon, not exhaustion, ended the run; `counts` are the cluster's, of what no
  /// event tells. Call it once.
  world::Section finish(double end_seconds, bool horizon_cut, const ClusterCounts& counts = {});
  /// What the figures were made of, once finished.
  const RunTotals& totals() const;
  /// Events that trace.json had no room for.
  std::uint64_t trace_events_left_out() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orrery::training
