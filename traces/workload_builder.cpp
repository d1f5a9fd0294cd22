#include "traces/workload_builder.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "models/base/hash.hpp"
#include "models/base/numbers.hpp"
#include "models/hardware/gpu_names.hpp"
#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"

namespace orrery::traces {

WorkloadBuilder::WorkloadBuilder(const ReadOptions& options)
    : path_(options.path),
      on_bad_row_(options.on_bad_row),
      gpu_names_(options.gpu_names),
      ids_(1024) {
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

/// The slot that holds the id, or the free one where it belongs.
std::size_t WorkloadBuilder::slot_of(std::string_view id) const {
  std::size_t slot = base::mix_hash(id) & (ids_.size() - 1);
  while (ids_[slot] != 0 && workload_.jobs[ids_[slot] - 1].id != id)
    slot = (slot + 1) & (ids_.size() - 1);
  return slot;
}

/// Enters the ids of all jobs anew.
void WorkloadBuilder::index_ids() {
  std::ranges::fill(ids_, 0);
  for (std::size_t i = 0; i < workload_.jobs.size(); ++i)
    ids_[slot_of(workload_.jobs[i].id)] = static_cast<std::uint32_t>(i + 1);
}

void WorkloadBuilder::remember_id(const workloads::TrainingJob& job) {
  const std::size_t count = workload_.jobs.size();
  if (count * 2 >= ids_.size()) {
    ids_.resize(ids_.size() * 4);
    index_ids();
  }
  std::uint32_t& slot = ids_[slot_of(job.id)];
  if (slot != 0) {
    throw base::Error(place(job.line, ""), "the job id '" + job.id +
                                               "' is taken by the job of line " +
                                               std::to_string(workload_.jobs[slot - 1].line));
  }
  slot = static_cast<std::uint32_t>(count + 1);
}

std::optional<std::size_t> WorkloadBuilder::find(std::string_view id) const {
  const std::uint32_t found = ids_[slot_of(id)];
  if (found == 0) return std::nullopt;
  return found - 1;
}

void WorkloadBuilder::rename(std::size_t index, std::string id) {
  renamed_[index] = std::move(id);
}

void WorkloadBuilder::drop(std::size_t index, LeftOut reason, double gpu_hours) {
  if (dropped_.insert(index).second) exclude(reason, gpu_hours);
}

void WorkloadBuilder::apply_changes() {
  if (renamed_.empty() && dropped_.empty()) return;
  for (auto& [index, id] : renamed_) workload_.jobs[index].id = std::move(id);
  std::size_t index = 0;
  std::erase_if(workload_.jobs,
                [&](const workloads::TrainingJob&) { return dropped_.contains(index++); });
  index_ids();
}

void WorkloadBuilder::hold_back(std::string_view job, std::string_view after,
                                double think_seconds) {
  auto& names = workload_.names;
  workload_.successions.push_back({names.intern(job), names.intern(after), think_seconds});
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

void WorkloadBuilder::refuse_empty() const {
  std::string sentence = "holds no jobs";
  for (const workloads::LeftOutName& name : workloads::left_out_names()) {
    const std::uint64_t rows = workload_.left_out.of(name.reason).rows;
    if (rows > 0) sentence += "; " + std::string(name.words) + ": " + std::to_string(rows);
  }
  if (workload_.skipped_rows > 0) {
    sentence += "; bad rows: " + std::to_string(workload_.skipped_rows) + ", the first is " +
                first_bad_row_;
  }
  throw base::Error(place(0, ""), sentence);
}

void WorkloadBuilder::name_gpu_types() {
  if (gpu_names_.empty() && !common_gpu_names_) return;
  std::vector<bool> used(gpu_names_.size(), false);
  const auto ours = [&](std::string_view theirs) {
    for (std::size_t i = 0; i < gpu_names_.size(); ++i) {
      if (models::lower_case(gpu_names_[i].first) != models::lower_case(theirs)) continue;
      used[i] = true;
      return gpu_names_[i].second;
    }
    return common_gpu_names_ ? common_gpu_types(theirs) : std::string(theirs);
  };
  // Few lists, many jobs.
  std::unordered_map<std::size_t, workloads::NameId> known;
  for (workloads::TrainingJob& job : workload_.jobs) {
    if (job.gpu_types.is_none()) continue;
    const auto [at, fresh] = known.try_emplace(job.gpu_types.index());
    if (fresh) {
      const std::string theirs(workload_.names.text(job.gpu_types));
      at->second = workload_.names.intern(mapped_gpu_types(theirs, ours));
    }
    job.gpu_types = at->second;
  }
  for (std::size_t i = 0; i < gpu_names_.size(); ++i)
    if (!used[i]) note("'gpu_names' maps '" + gpu_names_[i].first + "', which no job asks for");
}

void WorkloadBuilder::settle_successions() {
  if (workload_.successions.empty()) return;
  std::uint64_t missing = 0;
  std::unordered_map<std::size_t, std::size_t> after;  // by index of jobs
  for (const workloads::Succession& s : workload_.successions) {
    const auto job = find(workload_.names.text(s.job));
    const auto other = find(workload_.names.text(s.after));
    if (!other) ++missing;
    if (job && other) after[*job] = *other;
  }
  std::erase_if(workload_.successions, [&](const workloads::Succession& s) {
    return !find(workload_.names.text(s.after)) || !find(workload_.names.text(s.job));
  });
  if (missing > 0)
    note(
        "jobs that were to wait for a job that is not in the trace or was left out, and wait for "
        "none: " +
        std::to_string(missing));
  // Each job waits for one other: whoever comes back to where it began is in a circle.
  std::vector<std::uint32_t> seen_by(workload_.jobs.size(), 0);
  for (const auto& link : after) {
    const auto mark = static_cast<std::uint32_t>(link.first + 1);
    std::size_t at = link.first;
    while (seen_by[at] == 0) {
      seen_by[at] = mark;
      const auto next = after.find(at);
      if (next == after.end()) break;
      at = next->second;
      if (seen_by[at] != mark) continue;
      throw base::Error(place(workload_.jobs[at].line, ""),
                        "job '" + workload_.jobs[at].id +
                            "' waits for the end of a job that waits for its own end");
    }
  }
}

workloads::TrainingWorkload WorkloadBuilder::finish(Zero zero) {
  apply_changes();
  if (workload_.jobs.empty()) refuse_empty();
  name_gpu_types();
  settle_successions();
  if (workload_.skipped_rows > 0) {
    workload_.notes.push_back("bad rows left out: " + std::to_string(workload_.skipped_rows) +
                              ", the first: " + first_bad_row_);
  }
  if (zero != Zero::as_written) {
    double earliest = workload_.jobs.front().submit_seconds;
    for (const auto& job : workload_.jobs) earliest = std::min(earliest, job.submit_seconds);
    for (auto& job : workload_.jobs) {
      job.submit_seconds -= earliest;
      if (std::isfinite(job.deadline_seconds)) job.deadline_seconds -= earliest;
    }
    if (zero == Zero::earliest_date) workload_.calendar_zero_seconds = earliest;
  }
  return std::move(workload_);
}

}  // namespace orrery::traces
