// Gathers the jobs of a trace: counts rows left out, keeps ids unique, sets the trace's zero.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/csv.hpp"
#include "models/base/error.hpp"
#include "traces/trace_reader.hpp"
#include "workloads/training_job.hpp"

namespace orrery::traces {

using workloads::LeftOut;

/// What second 0 of the workload is.
enum class Zero {
  as_written,       ///< the trace's own zero: submit times stay as they are
  earliest_submit,  ///< of all jobs read
  earliest_date,    ///< the same, where times are dates, in seconds since the beginning of 1970
};

class WorkloadBuilder {
 public:
  explicit WorkloadBuilder(const ReadOptions& options);

  /// Adds a job, `job.line` set. Throws Error when its id is empty, unclean or taken, or a name
  /// unclean: the row is then a bad one.
  void add(workloads::TrainingJob job);
  /// Interns a name that jobs share; throws Error for control characters or invalid UTF-8.
  workloads::NameId name(std::string_view text, std::size_t line);
  /// Counts a well-formed row that is not a GPU job, and the GPU hours that it held.
  void exclude(LeftOut reason, double gpu_hours = 0) { workload_.left_out.add(reason, gpu_hours); }
  /// The index of the job with this id among those added.
  std::optional<std::size_t> find(std::string_view id) const;
  /// A job added before; its id changes by `rename` alone.
  workloads::TrainingJob& job(std::size_t index) { return workload_.jobs[index]; }
  /// Gives a job another id; until `finish` it is found by its old one.
  void rename(std::size_t index, std::string id);
  /// Takes a job out again, counted as left out.
  void drop(std::size_t index, LeftOut reason, double gpu_hours = 0);
  std::string_view text(workloads::NameId name) const { return workload_.names.text(name); }
  /// Holds a job back until another has ended and `think_seconds` have passed. Each job may be held
  /// back once; the other need not be in the trace.
  void hold_back(std::string_view job, std::string_view after, double think_seconds);
  /// GPU types are what people call them: `finish` gives them the catalog's names.
  void use_common_gpu_names() { common_gpu_names_ = true; }
  /// A bad row: thrown on, or counted under `on_bad_row: skip`.
  void bad_row(const base::Error& error);
  void note(std::string_view text);

  /// Notes how many jobs run for exactly this long, where a published conversion of the trace cut
  /// their durations off.
  void note_cut_durations(double seconds);

  /// The workload. Throws Error when it has no jobs, or where jobs wait for each other in a circle.
  workloads::TrainingWorkload finish(Zero zero);

 private:
  base::Where place(std::size_t line, const char* key) const;
  void remember_id(const workloads::TrainingJob& job);
  std::size_t slot_of(std::string_view id) const;
  void index_ids();
  void apply_changes();
  [[noreturn]] void refuse_empty() const;
  void name_gpu_types();
  void settle_successions();

  std::string path_;
  OnBadRow on_bad_row_;
  workloads::TrainingWorkload workload_;
  std::vector<std::pair<std::string, std::string>> gpu_names_;
  bool common_gpu_names_ = false;
  std::map<std::size_t, std::string> renamed_;
  std::set<std::size_t> dropped_;
  std::vector<std::uint32_t> ids_;  // open addressing by hash of the id, index + 1
  std::string first_bad_row_;
};

/// Calls `read_row` for each row of a table. Errors of a row are bad rows; a damaged file always
/// throws.
template <class F>
void for_each_row(base::CsvReader& reader, WorkloadBuilder& builder, F&& read_row) {
  for (;;) {
    try {
      if (!reader.next()) return;
      read_row();
    } catch (const base::Error& error) {
      if (reader.damaged()) throw;
      builder.bad_row(error);
    }
  }
}

/// The same for the lines of a file without a header.
template <class F>
void for_each_line(base::LineReader& reader, WorkloadBuilder& builder, F&& read_line) {
  for (;;) {
    try {
      std::string_view line;
      if (!reader.next(line)) return;
      read_line(line);
    } catch (const base::Error& error) {
      if (reader.damaged()) throw;
      builder.bad_row(error);
    }
  }
}

}  // namespace orrery::traces
