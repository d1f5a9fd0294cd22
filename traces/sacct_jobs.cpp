#include "traces/sacct_jobs.hpp"

#include <algorithm>
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
  job.user = builder_.name(row.user, line);
  job.account = builder_.name(row.account, line);
  if (options_.gpu_types) job.gpu_types = builder_.name(row.gpus.types, line);
  return job;
}

SacctJobs::Span SacctJobs::span_of(const SacctRow& row) {
  const double start = row.start_seconds.value_or(row.submit_seconds);
  return {start, row.duration_seconds, static_cast<std::int32_t>(row.gpus.count)};
}

/// Whether a run has this very row already.
bool SacctJobs::holds(const Run& run, std::optional<std::int64_t> part, const Span& span) {
  if (!part) return run.parts.empty() && run.whole == span;
  const auto known = run.parts.find(*part);
  return known != run.parts.end() && known->second == span;
}

/// Whether a run tells how one that had not ended went on: its starts are the same.
bool SacctJobs::has_ended(const Run& run, const LeftRun& left) {
  if (!left.part) return run.whole.start_seconds == left.span.start_seconds;
  const auto known = run.parts.find(*left.part);
  return known != run.parts.end() && known->second.start_seconds == left.span.start_seconds;
}

/// Whether a row is one more part of a run: another part, and both ran at the same time.
bool SacctJobs::is_part_of(const Run& run, std::optional<std::int64_t> part, const Span& span) {
  if (!part || run.parts.empty() || run.parts.contains(*part)) return false;
  const double run_start = run.whole.start_seconds;
  return span.start_seconds <= std::max(run.whole.end_seconds(), run_start + kPartsApart) &&
         std::max(span.end_seconds(), span.start_seconds + kPartsApart) >= run_start;
}

/// A job lasts as long as its longest part.
void SacctJobs::lengthen(std::size_t index, const Span& part) {
  Span& whole = runs_[index].whole;
  const double end = std::max(whole.end_seconds(), part.end_seconds());
  whole.start_seconds = std::min(whole.start_seconds, part.start_seconds);
  whole.seconds = end - whole.start_seconds;
  double& seconds = builder_.job(index).duration_seconds;
  seconds = std::max(seconds, part.seconds);
}

void SacctJobs::drop(std::size_t index, LeftOut reason, double gpu_hours) {
  runs_[index].dropped = true;
  builder_.drop(index, reason, gpu_hours);
}

/// The part starts with the others, and the job lasts as long as the longest.
void SacctJobs::add_part(std::size_t index, const SacctRow& row, const base::Where& where) {
  workloads::TrainingJob& job = builder_.job(index);
  const std::int64_t gpus = job.gpus + row.gpus.count;
  if (gpus > kMostGpus)
    throw base::Error(where, "the parts of a heterogeneous job up to here hold " +
                                 std::to_string(gpus) + " GPUs, expected at most " +
                                 std::to_string(kMostGpus));
  Run& run = runs_[index];
  run.parts.emplace(*row.id.part, span_of(row));
  add_signs(run, row);
  // Parts of GPUs need not lie on one, nor beside whole ones.
  if (job.gpu_milli < 1000 || row.gpus.milli < 1000) return drop(index, LeftOut::unknown_share, 0);
  job.gpus = static_cast<std::int32_t>(gpus);
  job.submit_seconds = std::min(job.submit_seconds, row.submit_seconds);
  lengthen(index, span_of(row));
  const std::string before(builder_.text(job.gpu_types));
  if (!options_.gpu_types || before == row.gpus.types) return;
  ++mixed_types_;
  const bool any = before.empty() || row.gpus.types.empty();
  const std::string both = mapped_gpu_types(
      before + '|' + row.gpus.types, [](std::string_view name) { return std::string(name); });
  job.gpu_types = any ? workloads::NameId{} : builder_.name(both, job.line);
}

/// What a row says beside its run.
void SacctJobs::add_signs(Run& run, const SacctRow& row) {
  run.eligible_later |= row.eligible_later;
  run.contradictory_times |= row.contradictory_times;
  run.several_types |= options_.gpu_types && row.gpus.types.find('|') != std::string::npos;
  if (!run.waited_for && !row.waited_for.empty())
    run.waited_for = &reasons_[std::string(row.waited_for)];
}

/// Rows that say more once the whole file is known wait for `finish`.
void SacctJobs::leave_out(const SacctRow& row) {
  const LeftOut reason = *row.left_out;
  const bool waits = row.began && reason != LeftOut::never_started &&
                     (reason == LeftOut::still_running || row.id.part);
  if (!waits) return builder_.exclude(reason, row.gpu_hours);
  left_runs_[key_of(row)].push_back(
      {span_of(row), row.id.part, row.gpu_hours, reason, row.gpus.any()});
}

void SacctJobs::add(const SacctRow& row, const base::Where& where) {
  std::string key = key_of(row);
  if (row.left_out) return leave_out(row);
  const Span span = span_of(row);
  const auto first = builder_.find(key);
  if (first) {
    std::vector<std::size_t>& more = more_runs_[*first];
    const auto nth = [&](std::size_t n) { return n == 0 ? *first : more[n - 1]; };
    for (std::size_t n = more.size() + 1; n-- > 0;)
      if (holds(runs_[nth(n)], row.id.part, span)) return builder_.exclude(LeftOut::repeated);
    for (std::size_t n = more.size() + 1; n-- > 0;)
      if (is_part_of(runs_[nth(n)], row.id.part, span)) return add_part(nth(n), row, where);
    key += '#' + std::to_string(more.size() + 2);
  }
  workloads::TrainingJob job = make_job(row, static_cast<std::uint32_t>(where.line));
  job.id = std::move(key);
  builder_.add(std::move(job));
  Run run;
  run.whole = span;
  if (row.id.part) run.parts.emplace(*row.id.part, span);
  add_signs(run, row);
  if (first) more_runs_[*first].push_back(runs_.size());
  runs_.push_back(std::move(run));
}

/// A run that had not ended in one export may have in another; a job of which a part had not ended
/// has not ended. A part without GPUs is counted as left out only where its whole job has none.
void SacctJobs::settle_left_run(const LeftRun& left, const std::vector<std::size_t>& runs,
                                bool of_gpu_job) {
  if (std::ranges::any_of(runs, [&](std::size_t run) { return has_ended(runs_[run], left); }))
    return builder_.exclude(LeftOut::repeated);
  const auto beside = std::ranges::find_if(
      runs, [&](std::size_t run) { return is_part_of(runs_[run], left.part, left.span); });
  if (beside != runs.end() && left.reason == LeftOut::no_gpu) {
    lengthen(*beside, left.span);
  } else if (beside != runs.end()) {
    double gpu_hours = 0;
    for (const auto& [number, part] : runs_[*beside].parts)
      gpu_hours += part.seconds * part.gpus / 3600;
    drop(*beside, left.reason, gpu_hours);
  }
  if (left.on_gpus || !of_gpu_job)
    builder_.exclude(left.on_gpus ? left.reason : LeftOut::no_gpu, left.gpu_hours);
}

void SacctJobs::settle_left_runs() {
  for (auto& [key, all] : left_runs_) {
    // Of the same run seen twice the later look counts.
    std::ranges::sort(all, {}, [](const LeftRun& r) {
      return std::tuple(r.part, r.span.start_seconds, r.reason == LeftOut::still_running,
                        -r.span.seconds);
    });
    std::vector<std::size_t> runs;
    if (const auto first = builder_.find(key)) {
      runs = more_runs_[*first];
      runs.push_back(*first);
    }
    const bool of_gpu_job = !runs.empty() || std::ranges::any_of(all, &LeftRun::on_gpus);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0 && all[i].is_same_run(all[i - 1]))
        builder_.exclude(LeftOut::repeated);
      else
        settle_left_run(all[i], runs, of_gpu_job);
    }
  }
}

void SacctJobs::link_runs() {
  for (auto& [first, runs] : more_runs_) {
    runs.push_back(first);
    const std::string id = builder_.job(first).id;
    std::ranges::sort(runs, {}, [&](std::size_t run) {
      return std::tuple(runs_[run].whole.start_seconds, builder_.job(run).submit_seconds, run);
    });
    std::string before;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string own = i == 0 ? id : id + '#' + std::to_string(i + 1);
      builder_.rename(runs[i], own);
      if (i > 0) {
        const bool apart = runs_[runs[i]].whole.start_seconds >=
                           runs_[runs[i - 1]].whole.end_seconds() - kSacctRoundingSeconds;
        ++(apart ? links_ : overlaps_);
        if (apart) builder_.hold_back(own, before, 0);
      }
      before = own;
    }
  }
}

void SacctJobs::finish() {
  settle_left_runs();
  link_runs();
  note_counts();
}

}  // namespace orrery::traces
