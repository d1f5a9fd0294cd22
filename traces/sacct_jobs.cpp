#include "traces/sacct_jobs.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"

namespace orrery::traces {

namespace {

// slurmctld starts the parts of a heterogeneous job one after the other.
constexpr double kPartsApart = 60;

}  // namespace

std::string SacctJobs::key_of(const SacctRow& row) {
  if (!first_cluster_) first_cluster_ = row.cluster;
  std::string key(row.id.job);
  return row.cluster == *first_cluster_ ? key : key + '@' + std::string(row.cluster);
}

workloads::TrainingJob SacctJobs::make_job(const SacctRow& row, std::uint32_t line) {
  workloads::TrainingJob job;
  job.line = line;
  job.gpus = static_cast<std::int32_t>(row.gpus.count);
  job.gpu_milli = row.gpus.milli;
  job.submit_seconds = row.submit_seconds;
  job.duration_seconds = row.duration_seconds;
  job.virtual_cluster = builder_.name(row.virtual_cluster, line);
  if (options_.gpu_types) job.gpu_types = builder_.name(row.gpus.types, line);
  return job;
}

/// Whether a row is one more part of a run: another part, and both ran at the same time.
bool SacctJobs::is_part_of(const Run& run, const SacctRow& row, double start_seconds) const {
  if (!row.id.part || run.parts.empty() || run.parts.contains(*row.id.part)) return false;
  return start_seconds <= std::max(run.end_seconds, run.start_seconds + kPartsApart) &&
         start_seconds + std::max(row.duration_seconds, kPartsApart) >= run.start_seconds;
}

/// The part starts with the others, and the job lasts as long as the longest.
void SacctJobs::add_part(std::size_t index, const SacctRow& row, const base::Where& where) {
  workloads::TrainingJob& job = builder_.job(index);
  const std::int64_t gpus = job.gpus + row.gpus.count;
  if (gpus > kMostGpus)
    throw base::Error(where, "the parts of a heterogeneous job up to here hold " +
                                 std::to_string(gpus) + " GPUs, expected at most " +
                                 std::to_string(kMostGpus));
  runs_[index].parts.insert(*row.id.part);
  // Parts of GPUs need not lie on one, nor beside whole ones.
  if (job.gpu_milli < 1000 || row.gpus.milli < 1000) {
    builder_.drop(index, LeftOut::unknown_share);
    return;
  }
  job.gpus = static_cast<std::int32_t>(gpus);
  job.submit_seconds = std::min(job.submit_seconds, row.submit_seconds);
  job.duration_seconds = std::max(job.duration_seconds, row.duration_seconds);
  const std::string before(builder_.text(job.gpu_types));
  if (!options_.gpu_types || before == row.gpus.types) return;
  ++mixed_types_;
  const bool any = before.empty() || row.gpus.types.empty();
  const std::string both = mapped_gpu_types(
      before + '|' + row.gpus.types, [](std::string_view name) { return std::string(name); });
  job.gpu_types = any ? workloads::NameId{} : builder_.name(both, job.line);
}

/// Rows that say more once the whole file is known wait for `finish`.
void SacctJobs::leave_out(const SacctRow& row) {
  const LeftOut reason = *row.left_out;
  const bool is_part = row.id.part && reason != LeftOut::no_gpu && reason != LeftOut::step;
  const bool waits = reason == LeftOut::still_running || is_part;
  if (!waits || reason == LeftOut::never_started) return builder_.exclude(reason, row.gpu_hours);
  left_runs_[key_of(row)].push_back(
      {row.start_seconds.value_or(row.submit_seconds), row.gpu_hours, reason, is_part});
}

void SacctJobs::add(const SacctRow& row, const base::Where& where) {
  std::string key = key_of(row);
  if (row.left_out) return leave_out(row);
  const double start = row.start_seconds.value_or(row.submit_seconds);
  const auto first = builder_.find(key);
  if (first) {
    std::vector<std::size_t>& more = more_runs_[*first];
    for (std::size_t n = more.size() + 1; n-- > 0;) {
      const std::size_t index = n == 0 ? *first : more[n - 1];
      const Run& run = runs_[index];
      if (is_part_of(run, row, start)) return add_part(index, row, where);
      const bool same = run.start_seconds == start &&
                        run.end_seconds == start + row.duration_seconds &&
                        (run.gpus == row.gpus.count || row.id.part);
      if (same) return builder_.exclude(LeftOut::repeated);
    }
    key += '#' + std::to_string(more.size() + 2);
  }
  workloads::TrainingJob job = make_job(row, static_cast<std::uint32_t>(where.line));
  job.id = std::move(key);
  builder_.add(std::move(job));
  Run run{start, start + row.duration_seconds, static_cast<std::int32_t>(row.gpus.count), {}};
  if (row.id.part) run.parts.insert(*row.id.part);
  if (first) more_runs_[*first].push_back(runs_.size());
  runs_.push_back(std::move(run));
}

/// A run that had not ended in one export may have in another; a job of which a part had not ended
/// has not ended.
void SacctJobs::settle_left_runs() {
  for (auto& [key, all] : left_runs_) {
    // Of the same run seen twice the later look counts.
    std::ranges::sort(all, {},
                      [](const LeftRun& r) { return std::pair(r.start_seconds, -r.gpu_hours); });
    std::vector<std::size_t> runs;
    if (const auto first = builder_.find(key)) {
      runs = more_runs_[*first];
      runs.push_back(*first);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      const LeftRun& left = all[i];
      const auto same = std::ranges::find_if(runs, [&](std::size_t run) {
        return std::abs(runs_[run].start_seconds - left.start_seconds) <=
               (left.is_part ? kPartsApart : 0);
      });
      const bool seen = i > 0 && !left.is_part && all[i - 1].start_seconds == left.start_seconds;
      if (same != runs.end() && left.is_part) {
        const workloads::TrainingJob& job = builder_.job(*same);
        builder_.drop(*same, left.reason, job.duration_seconds * job.gpus / 3600);
        builder_.exclude(left.reason, left.gpu_hours);
      } else if (same != runs.end() || seen) {
        builder_.exclude(LeftOut::repeated);
      } else {
        builder_.exclude(left.reason, left.gpu_hours);
      }
    }
  }
}

void SacctJobs::link_runs() {
  for (auto& [first, runs] : more_runs_) {
    runs.push_back(first);
    const std::string id = builder_.job(first).id;
    std::ranges::sort(runs, {}, [&](std::size_t run) {
      return std::tuple(runs_[run].start_seconds, builder_.job(run).submit_seconds, run);
    });
    std::string before;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string own = i == 0 ? id : id + '#' + std::to_string(i + 1);
      builder_.rename(runs[i], own);
      if (i > 0) {
        const bool apart =
            runs_[runs[i]].start_seconds >= runs_[runs[i - 1]].end_seconds - kSacctRoundingSeconds;
        ++(apart ? links_ : overlaps_);
        if (apart) builder_.hold_back(own, before, 0);
      }
      before = own;
    }
  }
}

void SacctJobs::note_counts() {
  if (links_ > 0)
    builder_.note(
        "runs that go on with a job of the same id (requeued or resized; here a resized "
        "job gives its GPUs up first), each held back until the one before has ended: " +
        std::to_string(links_));
  if (overlaps_ > 0)
    builder_.note(
        "runs of one id at the same time, taken for jobs of their own (are clusters "
        "mixed, without the column Cluster?): " +
        std::to_string(overlaps_));
  if (mixed_types_ > 0)
    builder_.note(
        "parts of heterogeneous jobs that ask for other GPU types than the rest, where "
        "the whole job may run on any of them: " +
        std::to_string(mixed_types_));
}

void SacctJobs::finish() {
  settle_left_runs();
  link_runs();
  note_counts();
}

}  // namespace orrery::traces
