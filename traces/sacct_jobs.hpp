// Runs that Slurm's accounting tells of, as jobs: parts of a heterogeneous job are one, runs of one
// job follow each other, the same number on two clusters is two jobs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
  /// What one row tells: a run, or one part of it.
  struct Span {
    double start_seconds = 0;  ///< of its submission where the file has no starts
    double seconds = 0;
    std::int32_t gpus = 0;

    double end_seconds() const { return start_seconds + seconds; }
    bool operator==(const Span&) const = default;
  };
  struct Run {
    Span whole;                           ///< of parts from the first start to the last end
    std::map<std::int64_t, Span> parts;   ///< of a heterogeneous job, those with GPUs
    std::uint64_t* waited_for = nullptr;  ///< the count in `reasons_` that it is one of
    bool eligible_later = false;
    bool contradictory_times = false;
    bool several_types = false;  ///< one of its rows names more than one type of GPU
    bool dropped = false;        ///< left out as a whole for one of its parts
  };
  /// A run that is left out and may belong to others of its job.
  struct LeftRun {
    Span span;
    std::optional<std::int64_t> part;
    double gpu_hours = 0;
    LeftOut reason = LeftOut::still_running;
    bool on_gpus = true;

    bool is_same_run(const LeftRun& other) const {
      return part == other.part && span.start_seconds == other.span.start_seconds;
    }
  };

  std::string key_of(const SacctRow& row);
  static Span span_of(const SacctRow& row);
  void leave_out(const SacctRow& row);
  static bool holds(const Run& run, std::optional<std::int64_t> part, const Span& span);
  static bool has_ended(const Run& run, const LeftRun& left);
  static bool is_part_of(const Run& run, std::optional<std::int64_t> part, const Span& span);
  void lengthen(std::size_t index, const Span& part);
  void drop(std::size_t index, LeftOut reason, double gpu_hours);
  void add_part(std::size_t index, const SacctRow& row, const base::Where& where);
  void add_signs(Run& run, const SacctRow& row);
  workloads::TrainingJob make_job(const SacctRow& row, std::uint32_t line);
  void settle_left_run(const LeftRun& left, const std::vector<std::size_t>& runs, bool of_gpu_job);
  void settle_left_runs();
  void link_runs();
  void note_counts();
  void note_kept_jobs();

  WorkloadBuilder& builder_;
  const SacctOptions& options_;
  std::vector<Run> runs_;                                      // by job
  std::map<std::size_t, std::vector<std::size_t>> more_runs_;  // by a job's first row
  std::map<std::string, std::vector<LeftRun>> left_runs_;      // by the first row's id
  std::map<std::string, std::uint64_t, std::less<>> reasons_;  // jobs by what they waited for
  std::optional<std::string> first_cluster_;
  std::uint64_t mixed_types_ = 0, links_ = 0, overlaps_ = 0;
};

}  // namespace orrery::traces
