#include "workloads/workload_filter.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "models/base/parameters.hpp"

namespace orrery::workloads {

namespace {

/// The id of the wanted virtual cluster among the jobs.
NameId find_virtual_cluster(const TrainingWorkload& workload, const std::string& wanted,
                            const base::Where& where) {
  std::vector<std::string> known;
  for (const TrainingJob& job : workload.jobs) {
    if (job.virtual_cluster.is_none()) continue;
    const std::string_view name = workload.names.text(job.virtual_cluster);
    if (name == wanted) return job.virtual_cluster;
    if (std::find(known.begin(), known.end(), name) == known.end()) known.emplace_back(name);
  }
  if (known.empty()) {
    throw base::Error(where, "virtual cluster '" + wanted + "' was asked for, but " +
                                 workload.source + " names no virtual clusters");
  }
  std::sort(known.begin(), known.end());
  std::string sentence = "found no virtual cluster '" + wanted + "' in " + workload.source;
  const std::string near = base::nearest(wanted, known);
  if (!near.empty()) throw base::Error(where, sentence + "; did you mean '" + near + "'?");
  sentence += "; it has ";
  constexpr std::size_t kShown = 20;
  for (std::size_t i = 0; i < std::min(known.size(), kShown); ++i)
    sentence += (i == 0 ? "" : ", ") + known[i];
  if (known.size() > kShown) sentence += ", ...";
  throw base::Error(where, sentence);
}

/// Leaves out what holds a job back until the end of one that was left out, and says how often.
void drop_successions(TrainingWorkload& workload) {
  if (workload.successions.empty()) return;
  std::unordered_set<std::string_view> left;
  for (const TrainingJob& job : workload.jobs) left.insert(job.id);
  std::size_t freed = 0;
  std::erase_if(workload.successions, [&](const Succession& s) {
    const bool gone = !left.contains(workload.names.text(s.after));
    const bool stays = left.contains(workload.names.text(s.job));
    freed += gone && stays ? 1 : 0;
    return gone || !stays;
  });
  if (freed > 0)
    workload.notes.push_back(
        "jobs that wait for none, since the one they were to wait for is not "
        "among the jobs that are used: " +
        std::to_string(freed));
}

}  // namespace

base::Declaration<WorkloadFilter> declare(const WorkloadFilter*) {
  base::Declaration<WorkloadFilter> d("Which jobs of a workload are used.");
  d.text("virtual_cluster", &WorkloadFilter::virtual_cluster,
         "only the jobs of this virtual cluster");
  d.integer("limit", &WorkloadFilter::limit, "at most so many jobs, the first in file order")
      .at_least(1);
  d.integer("largest_gpus", &WorkloadFilter::largest_gpus, "leaves out jobs that ask for more GPUs")
      .at_least(1);
  d.number("from_seconds", &WorkloadFilter::from_seconds, base::Dimension::none,
           "only jobs submitted at or after this second of the trace")
      .at_least(0);
  d.number("until_seconds", &WorkloadFilter::until_seconds, base::Dimension::none,
           "only jobs submitted before this second of the trace")
      .more_than(0);
  return d;
}

TrainingWorkload select(const TrainingWorkload& workload, const WorkloadFilter& filter,
                        const base::Where& where) {
  TrainingWorkload out;
  out.names = workload.names;
  out.source = workload.source;
  out.notes = workload.notes;
  out.skipped_rows = workload.skipped_rows;
  out.left_out = workload.left_out;
  out.successions = workload.successions;

  NameId cluster;
  if (!filter.virtual_cluster.empty())
    cluster = find_virtual_cluster(workload, filter.virtual_cluster, where);
  for (const TrainingJob& job : workload.jobs) {
    if (filter.limit && static_cast<std::int64_t>(out.jobs.size()) >= *filter.limit) break;
    if (!cluster.is_none() && job.virtual_cluster != cluster) continue;
    if (filter.largest_gpus && job.gpus > *filter.largest_gpus) continue;
    if (filter.from_seconds && job.submit_seconds < *filter.from_seconds) continue;
    if (filter.until_seconds && job.submit_seconds >= *filter.until_seconds) continue;
    out.jobs.push_back(job);
  }
  drop_successions(out);
  if (out.jobs.empty())
    throw base::Error(where, "no job of " + workload.source + " passes the conditions");
  return out;
}

}  // namespace orrery::workloads
