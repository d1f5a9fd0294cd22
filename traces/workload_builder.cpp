#include "traces/workload_builder.hpp"

#include <algorithm>
#include <cmath>

#include "models/base/hash.hpp"
#include "models/base/numbers.hpp"
#include "traces/fields.hpp"

namespace orrery::traces {

WorkloadBuilder::WorkloadBuilder(const ReadOptions& options)
    : path_(options.path), on_bad_row_(options.on_bad_row), ids_(1024) {
  workload_.source = options.path;
  workload_.jobs.reserve(1024);
}

base::Where WorkloadBuilder::place(std::size_t line, const char* key) const {
  return {path_, static_cast<int>(line), 0, key};
}

void WorkloadBuilder::add(workloads::TrainingJob job) {
  if (job.id.empty()) throw base::Error(place(job.line, ""), "found an empty job id");
  if (!is_clean_text(job.id)) {
    throw base::Error(place(job.line, ""),
                      "the job id holds control characters or is not valid UTF-8");
  }
  remember_id(job);
  workload_.jobs.push_back(std::move(job));
}

void WorkloadBuilder::remember_id(const workloads::TrainingJob& job) {
  const std::size_t count = workload_.jobs.size();
  const auto slot_of = [&](std::string_view id) { return base::mix_hash(id) & (ids_.size() - 1); };
  const auto next = [&](std::size_t slot) { return (slot + 1) & (ids_.size() - 1); };
  if (count * 2 >= ids_.size()) {
    ids_.assign(ids_.size() * 4, 0);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t slot = slot_of(workload_.jobs[i].id);
      while (ids_[slot] != 0) slot = next(slot);
      ids_[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }
  std::size_t slot = slot_of(job.id);
  while (ids_[slot] != 0) {
    const workloads::TrainingJob& other = workload_.jobs[ids_[slot] - 1];
    if (other.id == job.id) {
      throw base::Error(
          place(job.line, ""),
          "the job id '" + job.id + "' is taken by the job of line " + std::to_string(other.line));
    }
    slot = next(slot);
  }
  ids_[slot] = static_cast<std::uint32_t>(count + 1);
}

workloads::NameId WorkloadBuilder::name(std::string_view text, std::size_t line) {
  if (!is_clean_text(text)) {
    throw base::Error(place(line, ""), "a name holds control characters or is not valid UTF-8");
  }
  return workload_.names.intern(text);
}

void WorkloadBuilder::note(std::string_view text) {
  workload_.notes.push_back(cleaned(text));
}

void WorkloadBuilder::note_cut_durations(double seconds) {
  const auto cut = std::count_if(workload_.jobs.begin(), workload_.jobs.end(),
                                 [&](const auto& job) { return job.duration_seconds == seconds; });
  if (cut == 0) return;
  note("durations of exactly " + base::format_shortest(seconds) +
       " s, where the table's conversion cut them off: " + std::to_string(cut));
}

void WorkloadBuilder::bad_row(const base::Error& error) {
  if (on_bad_row_ == OnBadRow::fail) throw base::Error(error);
  if (workload_.skipped_rows++ == 0) first_bad_row_ = cleaned(error.what());
}

workloads::TrainingWorkload WorkloadBuilder::finish(Zero zero) {
  if (workload_.jobs.empty()) {
    std::string sentence = "holds no jobs";
    if (workload_.excluded_rows > 0)
      sentence += "; rows that are not GPU jobs: " + std::to_string(workload_.excluded_rows);
    if (workload_.skipped_rows > 0) {
      sentence += "; bad rows: " + std::to_string(workload_.skipped_rows) + ", the first is " +
                  first_bad_row_;
    }
    throw base::Error(place(0, ""), sentence);
  }
  if (workload_.skipped_rows > 0) {
    workload_.notes.push_back("bad rows left out: " + std::to_string(workload_.skipped_rows) +
                              ", the first: " + first_bad_row_);
  }
  if (zero == Zero::earliest_submit) {
    double earliest = workload_.jobs.front().submit_seconds;
    for (const auto& job : workload_.jobs) earliest = std::min(earliest, job.submit_seconds);
    for (auto& job : workload_.jobs) {
      job.submit_seconds -= earliest;
      if (std::isfinite(job.deadline_seconds)) job.deadline_seconds -= earliest;
    }
  }
  return std::move(workload_);
}

}  // namespace orrery::traces
