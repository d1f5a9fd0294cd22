// Runs that Slurm's accounting tells of, as jobs: parts of a heterogeneous job are one, runs of one
// job follow each other, the same number on two clusters is two jobs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "traces/sacct_rows.hpp"
#include "traces/workload_builder.hpp"

namespace orrery::traces {

class SacctJobs {
 public:
  SacctJobs(WorkloadBuilder& builder, const SacctOptions& options)
      : builder_(builder), options_(options) {}

  /// Adds a run, the row at `where`, or counts it as left out. Throws Error for a bad row.
  void add(const SacctRow& row, const base::Where& where);
  /// Settles what only the whole file tells: the order of the runs of each job, which is linked and
  /// gives them their ids (`61`, `61#2`), and jobs of which a part has not ended. Ids on another
  /// cluster than the file's first are `61@beta`.
  void finish();

 private:
  struct Run {
    double start_seconds = 0;  ///< of its submission where the file has no starts
    double end_seconds = 0;
    std::int32_t gpus = 0;
    std::set<std::int64_t> parts;  ///< of a heterogeneous job
  };
  /// A run that is left out and may belong to others of its job.
  struct LeftRun {
    double start_seconds = 0;
    double gpu_hours = 0;
    LeftOut reason = LeftOut::still_running;
    bool is_part = false;
  };

  std::string key_of(const SacctRow& row);
  void leave_out(const SacctRow& row);
  bool is_part_of(const Run& run, const SacctRow& row, double start_seconds) const;
  void add_part(std::size_t index, const SacctRow& row, const base::Where& where);
  workloads::TrainingJob make_job(const SacctRow& row, std::uint32_t line);
  void settle_left_runs();
  void link_runs();
  void note_counts();

  WorkloadBuilder& builder_;
  const SacctOptions& options_;
  std::vector<Run> runs_;                                      // by job
  std::map<std::size_t, std::vector<std::size_t>> more_runs_;  // by a job's first row
  std::map<std::string, std::vector<LeftRun>> left_runs_;      // by the first row's id
  std::optional<std::string> first_cluster_;
  std::uint64_t mixed_types_ = 0, links_ = 0, overlaps_ = 0;
};

}  // namespace orrery::traces
