// The figures of one run, as `summary.json` holds them: one struct for writers and readers.
// Definitions are those of docs/metrics.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/report/distribution.hpp"
#include "sim/report/performance.hpp"
#include "sim/worlds/training/records/basis.hpp"

namespace orrery::report {

struct JobCounts {
  std::uint64_t submitted = 0, finished = 0, rejected = 0, failed = 0, unfinished = 0;
  bool operator==(const JobCounts&) const = default;
};

/// One kind of time, over the jobs that finished and over all jobs of a trace that ran to its end.
struct JobTimes {
  std::optional<Distribution> finished;
  /// Absent where a horizon cut the run or a job could never run to its end.
  std::optional<Distribution> exhaustion;
  bool operator==(const JobTimes&) const = default;
};

struct Throughput {
  double mean = 0, peak = 0;  ///< samples per second
  bool operator==(const Throughput&) const = default;
};

/// What the speeds of runs rested on: starts, resumes and changes of jobs counted in iterations.
struct ThroughputOrigins {
  std::uint64_t measured = 0;   ///< a measured row of just that configuration
  std::uint64_t derived = 0;    ///< a row of another configuration, by a rule
  std::uint64_t estimated = 0;  ///< our estimator
  bool operator==(const ThroughputOrigins&) const = default;
  std::uint64_t all() const { return measured + derived + estimated; }
};
/// `12 measured, 3 derived, 0 estimated`.
std::string to_text(const ThroughputOrigins& origins);

/// How much slower jobs on several nodes were for sharing the fabric, over the jobs that ran so.
struct SharingSummary {
  std::uint64_t jobs = 0;
  double mean_slowdown = 1;   ///< mean over jobs of sharing.csv's slowdown
  double worst_slowdown = 1;  ///< of a job as a whole
  std::uint64_t speed_changes = 0;
  bool operator==(const SharingSummary&) const = default;
};

/// `summary.json`: deterministic, same experiment, same bytes.
struct Summary {
  static constexpr int kSchemaVersion = 1;
  std::string run_id;
  std::string name;    ///< of the experiment
  std::string policy;  ///< its name, or its label where one is given
  std::uint64_t seed = 0;
  JobCounts jobs;
  JobTimes jct;
  JobTimes wait;                           ///< all time pending, also after a preemption
  JobTimes first_start_wait;               ///< until the first start
  std::optional<double> makespan_seconds;  ///< last finish minus first submit
  std::optional<double> gpu_utilization;
  std::optional<Throughput> cluster_throughput;  ///< absent when jobs are plain durations
  std::optional<SharingSummary> sharing;         ///< of `network: shared`
  std::uint64_t restarts = 0;
  double restart_gpu_seconds = 0;    ///< GPU time held while restarting, also within utilization
  double lost_work_gpu_seconds = 0;  ///< computed, then lost to failures
  std::uint64_t events = 0;
  double simulated_seconds = 0;  ///< clock at the end
  bool horizon_cut = false;
  std::uint64_t skipped_rows = 0;
  std::uint64_t excluded_rows = 0;
  std::optional<ThroughputOrigins> throughput;  ///< absent where no speed came from a source
  std::vector<DeviceBasis> devices;             ///< of our estimator; empty where it was not asked
  std::vector<PrunedBasis> pruned;              ///< empty where no job is pruned
  std::vector<std::string> notes;  ///< what each number rests on (trace notes, uncalibrated, ...)

  bool operator==(const Summary&) const = default;
};

std::string to_json(const Summary& summary);
/// Throws base::Error naming the file when it is no summary or of a future version.
Summary read_summary(const std::string& path);

}  // namespace orrery::report
