// The figures of one run, as `summary.json` and `performance.json` hold them: one struct for
// writers and readers. Definitions are those of docs/metrics.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace orrery::report {

/// Mean and percentiles (linear interpolation, type 7) of a set of seconds; empty set: absent.
struct Distribution {
  double mean = 0, p50 = 0, p95 = 0, p99 = 0;
  bool operator==(const Distribution&) const = default;
};
/// `values` is sorted in place. The mean is summed with compensation, in the sorted order.
std::optional<Distribution> distribution_of(std::vector<double>& values);
/// Percentile `p` in [0, 1] of sorted values, type 7.
double percentile(std::span<const double> sorted, double p);

struct JobCounts {
  std::uint64_t submitted = 0, finished = 0, rejected = 0, failed = 0, unfinished = 0;
  bool operator==(const JobCounts&) const = default;
};

struct Throughput {
  double mean = 0, peak = 0;  ///< samples per second
  bool operator==(const Throughput&) const = default;
};

/// `summary.json`: deterministic, same experiment, same bytes.
struct Summary {
  static constexpr int kSchemaVersion = 1;
  std::string run_id;
  std::string name;    ///< of the experiment
  std::string policy;  ///< its name, or its label where one is given
  std::uint64_t seed = 0;
  JobCounts jobs;
  std::uint64_t skipped_rows = 0;
  std::uint64_t excluded_rows = 0;
  std::optional<Distribution> jct_finished;
  std::optional<Distribution> jct_exhaustion;    ///< absent where a horizon cut the run
  std::optional<Distribution> wait;              ///< of finished jobs: all time pending
  std::optional<Distribution> first_start_wait;  ///< of jobs that started
  std::optional<double> makespan_seconds;        ///< last finish minus first submit
  std::optional<double> gpu_utilization;
  std::optional<Throughput> cluster_throughput;  ///< absent when jobs are plain durations
  std::uint64_t restarts = 0;
  double restart_gpu_seconds = 0;    ///< GPU time held while restarting, also within utilization
  double lost_work_gpu_seconds = 0;  ///< computed, then lost to failures
  std::uint64_t events = 0;
  double simulated_seconds = 0;  ///< clock at the end
  bool horizon_cut = false;
  std::vector<std::string> notes;  ///< what each number rests on (trace notes, uncalibrated, ...)
};
std::string to_json(const Summary& summary);
/// Throws base::Error naming the file when it is no summary or of a future version.
Summary read_summary(const std::string& path);

/// `performance.json`: of this machine and this run, never deterministic, kept apart.
struct Performance {
  double wall_seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::uint64_t decisions = 0;
  double decision_mean_seconds = 0, decision_p50_seconds = 0, decision_p99_seconds = 0,
         decision_max_seconds = 0;
  bool interrupted = false;
};
std::string to_json(const Performance& performance);
Performance read_performance(const std::string& path);

}  // namespace orrery::report
