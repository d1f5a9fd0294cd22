// Runs that Slurm's accounting tells of, as jobs: parts of a heterogeneous job are one, runs of one
// job follow each other, the same number on two clusters is two jobs.
#pragma once

#include <cstdint>
#include <map>
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

  /// Adds a run, the row at `where`. Ids are those of the file: `61`, `61#2` for its second run,
  /// `61@beta` on another cluster than the file's first. Throws Error for a bad row.
  void add(const SacctRow& row, const base::Where& where);
  /// Links the runs of each job, in order of their starts, and notes what was joined.
  void finish();

 private:
  workloads::TrainingJob make_job(const SacctRow& row, std::uint32_t line);
  void add_part(std::size_t index, const SacctRow& row, const base::Where& where);
  std::string key_of(const SacctRow& row);

  WorkloadBuilder& builder_;
  const SacctOptions& options_;
  std::vector<double> starts_;  // by job; of its submission where the file has no starts
  std::map<std::size_t, std::set<std::int64_t>> parts_;        // of heterogeneous jobs
  std::map<std::size_t, std::vector<std::size_t>> more_runs_;  // by a job's first run
  std::string first_cluster_;
  std::uint64_t mixed_types_ = 0;
};

}  // namespace orrery::traces
