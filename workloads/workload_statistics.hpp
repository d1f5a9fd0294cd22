// What a workload looks like in numbers: what `orrery trace info` prints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/training_job.hpp"

namespace orrery::workloads {

/// How often a number of GPUs is asked for.
struct GpuCount {
  std::int32_t gpus = 0;
  std::uint64_t jobs = 0;
  double gpu_hours = 0;  ///< GPUs times share times duration

  bool operator==(const GpuCount&) const = default;
};

/// Jobs and GPU-hours under one name (a virtual cluster, a list of types, a model).
struct NameCount {
  std::string name;
  std::uint64_t jobs = 0;
  double gpu_hours = 0;

  bool operator==(const NameCount&) const = default;
};

/// Quantiles by the rule of models/base/statistics.hpp.
struct Quantiles {
  double mean = 0, min = 0, p25 = 0, p50 = 0, p75 = 0, p90 = 0, p95 = 0, p99 = 0, max = 0;
};

struct WorkloadStatistics {
  std::uint64_t jobs = 0;
  std::uint64_t skipped_rows = 0;
  LeftOutCounts left_out;
  std::uint64_t held_back_jobs = 0;  ///< wait for the end of another before they are submitted
  double first_submit_seconds = 0;
  double last_submit_seconds = 0;
  Quantiles duration_seconds;
  double gpu_hours = 0;
  /// GPU-seconds over the span of submits: the load offered, in GPUs. So many could be busy on
  /// average if the trace went on like that. 0 where all jobs are submitted at one instant.
  double mean_gpu_demand = 0;
  std::uint64_t fractional_jobs = 0;  ///< ask for less than one GPU
  std::uint64_t jobs_with_iterations = 0;
  std::uint64_t jobs_without_duration = 0;  ///< counted in iterations of unknown length
  Quantiles iterations;                     ///< of the jobs that have them
  std::uint64_t jobs_with_deadline = 0;
  std::vector<GpuCount> gpu_counts;         ///< by GPUs
  std::vector<NameCount> virtual_clusters;  ///< by name; empty: the workload has none
  std::vector<NameCount> gpu_types;         ///< by name, jobs with a preference only
  std::vector<NameCount> models;            ///< by name, jobs with a known model only

  double span_seconds() const { return last_submit_seconds - first_submit_seconds; }
};

/// Reads every job once. An empty workload gives zeros.
WorkloadStatistics statistics(const TrainingWorkload& workload);

}  // namespace orrery::workloads
