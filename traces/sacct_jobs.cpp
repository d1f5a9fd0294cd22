#include "traces/sacct_jobs.hpp"

#include <algorithm>
#include <utility>

#include "traces/fields.hpp"
#include "traces/gpu_type_names.hpp"

namespace orrery::traces {

std::string SacctJobs::key_of(const SacctRow& row) {
  std::string key(row.id.job);
  if (row.cluster.empty()) return key;
  if (first_cluster_.empty()) first_cluster_ = row.cluster;
  return row.cluster == first_cluster_ ? key : key + '@' + std::string(row.cluster);
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

/// The part starts with the others, and the job lasts as long as the longest.
void SacctJobs::add_part(std::size_t index, const SacctRow& row, const base::Where& where) {
  workloads::TrainingJob& job = builder_.job(index);
  const std::int64_t gpus = job.gpus + row.gpus.count;
  if (job.gpu_milli < 1000 || row.gpus.milli < 1000)
    throw base::Error(where,
                      "a part of a heterogeneous job holds a share of a GPU, expected whole "
                      "ones");
  if (gpus > kMostGpus)
    throw base::Error(where, "the parts of a heterogeneous job up to here hold " +
                                 std::to_string(gpus) + " GPUs, expected at most " +
                                 std::to_string(kMostGpus));
  parts_[index].insert(*row.id.part);
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

void SacctJobs::add(const SacctRow& row, const base::Where& where) {
  std::string key = key_of(row);
  const double start = row.start_seconds.value_or(row.submit_seconds);
  const auto first = builder_.find(key);
  if (first) {
    std::vector<std::size_t> runs{*first};
    if (const auto more = more_runs_.find(*first); more != more_runs_.end())
      runs.insert(runs.end(), more->second.begin(), more->second.end());
    for (const std::size_t run : runs) {
      if (starts_[run] != start) continue;
      const auto parts = parts_.find(run);
      const bool is_other_part =
          row.id.part && parts != parts_.end() && !parts->second.contains(*row.id.part);
      if (is_other_part) return add_part(run, row, where);
      return builder_.exclude(LeftOut::repeated);
    }
    key += '#' + std::to_string(runs.size() + 1);
  }
  workloads::TrainingJob job = make_job(row, static_cast<std::uint32_t>(where.line));
  job.id = std::move(key);
  builder_.add(std::move(job));
  const std::size_t added = starts_.size();
  starts_.push_back(start);
  if (row.id.part) parts_[added].insert(*row.id.part);
  if (first) more_runs_[*first].push_back(added);
}

void SacctJobs::finish() {
  std::uint64_t links = 0;
  for (auto& [first, runs] : more_runs_) {
    runs.push_back(first);
    std::ranges::sort(runs, {}, [&](std::size_t run) { return std::pair(starts_[run], run); });
    for (std::size_t i = 1; i < runs.size(); ++i, ++links)
      builder_.hold_back(builder_.job(runs[i]).id, builder_.job(runs[i - 1]).id, 0);
  }
  if (links > 0)
    builder_.note(
        "runs that go on with a job of the same id (requeued or resized), each held back "
        "until the one before has ended: " +
        std::to_string(links));
  if (mixed_types_ > 0)
    builder_.note(
        "parts of heterogeneous jobs that ask for other GPU types than the rest, where "
        "the whole job may run on any of them: " +
        std::to_string(mixed_types_));
}

}  // namespace orrery::traces
