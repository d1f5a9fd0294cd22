// What the recorders of a run count and measure. figures.cpp declares what becomes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/report/distribution.hpp"
#include "sim/worlds/training/records/basis.hpp"
#include "workloads/left_out.hpp"

namespace orrery::training {

struct JobCounts {
  std::uint64_t submitted = 0, finished = 0, rejected = 0, failed = 0, unfinished = 0;
  bool operator==(const JobCounts&) const = default;
};

/// One kind of time, over the jobs that finished and over all jobs of a trace that ran to its end.
struct JobTimes {
  std::optional<report::Distribution> finished;
  /// Absent where a horizon cut the run or a job could never run to its end.
  std::optional<report::Distribution> exhaustion;
  bool operator==(const JobTimes&) const = default;
};

struct SampleRate {
  double mean = 0, peak = 0;  ///< samples per second
  bool operator==(const SampleRate&) const = default;
};

/// What the speeds of runs rested on: starts, resumes and changes of jobs counted in iterations.
struct ThroughputOrigins {
  std::uint64_t measured = 0;   ///< a measured row of just that configuration
  std::uint64_t derived = 0;    ///< a row of another configuration, by a rule
  std::uint64_t estimated = 0;  ///< our estimator
  bool operator==(const ThroughputOrigins&) const = default;
  std::uint64_t all() const { return measured + derived + estimated; }
};

/// How much slower jobs on several nodes were for sharing the fabric, over the jobs that ran so.
struct SharingSummary {
  std::uint64_t jobs = 0;
  double mean_slowdown = 1;   ///< mean over jobs of sharing.csv's slowdown
  double worst_slowdown = 1;  ///< of a job as a whole
  std::uint64_t speed_changes = 0;
  bool operator==(const SharingSummary&) const = default;
};

/// Jain's index over the users of a trace; absent where none of them has any.
struct Fairness {
  std::optional<double> slowdown;     ///< of the mean bounded slowdown of their finished jobs
  std::optional<double> gpu_seconds;  ///< of the GPU time that their jobs held
  bool operator==(const Fairness&) const = default;
};

/// Of the policy's decisions, on this machine.
struct DecisionCosts {
  std::uint64_t count = 0;
  double mean_seconds = 0, p50_seconds = 0, p99_seconds = 0, max_seconds = 0;
};

struct RunTotals {
  JobCounts jobs;
  JobTimes jct;
  JobTimes wait;                           ///< all time pending, also after a preemption
  JobTimes first_start_wait;               ///< until the first start
  std::optional<double> makespan_seconds;  ///< last finish minus first submit
  std::optional<double> gpu_utilization;
  std::optional<SampleRate> cluster_throughput;  ///< absent when jobs are plain durations
  std::optional<SharingSummary> sharing;         ///< of `network: shared`
  std::optional<Fairness> fairness;              ///< absent where the trace has no users
  std::uint64_t unproven_programs = 0, given_up_programs = 0;  ///< of the policy's solver
  std::uint64_t restarts = 0;
  double restart_gpu_seconds = 0;    ///< GPU time held while restarting, also within utilization
  double lost_work_gpu_seconds = 0;  ///< computed, then lost to failures
  std::uint64_t skipped_rows = 0;
  workloads::LeftOutCounts left_out;
  std::optional<ThroughputOrigins> throughput;  ///< absent where no speed came from a source
  DecisionCosts decisions;
};

}  // namespace orrery::training
