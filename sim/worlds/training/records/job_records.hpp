// jobs.csv, and the times of every job that the summary is made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/platform/node.hpp"
#include "sim/report/csv_file.hpp"
#include "sim/worlds/training/cluster_event.hpp"
#include "sim/worlds/training/records/allocation_spans.hpp"
#include "sim/worlds/training/records/run_totals.hpp"

namespace orrery::training {

class JobRecords {
 public:
  JobRecords(const platform::Inventory& inventory, const workloads::TrainingWorkload& workload);

  void on_event(const ClusterEvent& event);
  void on_span(const AllocationSpan& span);
  /// Closes the waits of jobs still pending. Spans must be finished before.
  void finish(double end_seconds, bool horizon_cut);

  /// Fills in the counts and times of jobs.
  void summarize(RunTotals& totals) const;
  /// Writes jobs.csv: all jobs of the workload, in order of submission.
  void write(const std::string& path) const;

 private:
  struct Record {
    JobState state = JobState::future;
    double submit_seconds = 0;  // later than the trace's where another job's end came first
    double first_start_seconds = 0;
    double finish_seconds = 0;
    double pending_since_seconds = 0;
    double wait_seconds = 0;
    double service_gpu_seconds = 0;
    double lost_work_seconds = 0;
    std::uint64_t types = 0;  // bit per GPU type it ran on; the catalog has fewer than 64
    std::uint32_t restarts = 0, preemptions = 0, interruptions = 0;
    bool started = false;
  };

  /// Replicas of services are in no figure of jobs.
  bool counts(std::size_t job) const { return !workload_.jobs[job].endless; }
  void end_wait(Record& record, double seconds) const;
  void begin_wait(Record& record, double seconds) const;
  JobTimes distributions(double (*of)(const Record&)) const;
  /// Completion time over the time alone on what the job asks for, both of at least 10 s.
  static double bounded_slowdown(const Record& record, const workloads::TrainingJob& job);
  std::optional<Fairness> fairness() const;
  void write_row(report::CsvFile& file, std::size_t job) const;

  const platform::Inventory& inventory_;
  const workloads::TrainingWorkload& workload_;
  std::vector<Record> records_;
  /// Columns that only some workloads have: some job has such a value.
  bool some_pruned_ = false, some_users_ = false, some_accounts_ = false;
  double lost_work_gpu_seconds_ = 0;
  double last_finish_seconds_ = 0;
  bool any_finished_ = false;
  bool horizon_cut_ = false;
};

}  // namespace orrery::training
