#include "workloads/workload_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/base/statistics.hpp"

namespace orrery::workloads {

namespace {

struct Tally {
  std::uint64_t jobs = 0;
  double gpu_seconds = 0;
};

/// Tallies by name, in the order of the names' ids until they are listed.
class NameTally {
 public:
  explicit NameTally(std::size_t names) : tallies_(names) {}
  void add(NameId id, double gpu_seconds) {
    if (id.is_none()) return;
    ++tallies_[id.index()].jobs;
    tallies_[id.index()].gpu_seconds += gpu_seconds;
  }
  std::vector<NameCount> list(const Names& names) const {
    std::vector<NameCount> out;
    for (std::size_t i = 0; i < tallies_.size(); ++i) {
      if (tallies_[i].jobs == 0) continue;
      out.push_back(
          {std::string(names.text(NameId(i))), tallies_[i].jobs, tallies_[i].gpu_seconds / 3600});
    }
    std::sort(out.begin(), out.end(),
              [](const NameCount& a, const NameCount& b) { return a.name < b.name; });
    return out;
  }

 private:
  std::vector<Tally> tallies_;
};

/// Sorts the values, of which there is at least one.
Quantiles quantiles(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  Quantiles q;
  q.mean = base::mean(values);
  q.min = values.front();
  q.p25 = base::sorted_quantile(values, 0.25);
  q.p50 = base::sorted_quantile(values, 0.50);
  q.p75 = base::sorted_quantile(values, 0.75);
  q.p90 = base::sorted_quantile(values, 0.90);
  q.p95 = base::sorted_quantile(values, 0.95);
  q.p99 = base::sorted_quantile(values, 0.99);
  q.max = values.back();
  return q;
}

}  // namespace

WorkloadStatistics statistics(const TrainingWorkload& workload) {
  WorkloadStatistics s;
  s.jobs = workload.jobs.size();
  s.skipped_rows = workload.skipped_rows;
  s.left_out = workload.left_out;
  s.held_back_jobs = workload.successions.size();
  if (workload.jobs.empty()) return s;

  std::map<std::int32_t, Tally> by_gpus;
  NameTally clusters(workload.names.size());
  NameTally types(workload.names.size());
  NameTally models(workload.names.size());
  std::vector<double> durations;
  std::vector<double> iterations;
  durations.reserve(workload.jobs.size());
  double gpu_seconds = 0;
  s.first_submit_seconds = workload.jobs.front().submit_seconds;
  s.last_submit_seconds = s.first_submit_seconds;
  for (const TrainingJob& job : workload.jobs) {
    const double used = job.gpus * (job.gpu_milli / 1000.0) * job.duration_seconds;
    gpu_seconds += used;
    durations.push_back(job.duration_seconds);
    s.first_submit_seconds = std::min(s.first_submit_seconds, job.submit_seconds);
    s.last_submit_seconds = std::max(s.last_submit_seconds, job.submit_seconds);
    if (job.gpu_milli < 1000) ++s.fractional_jobs;
    if (job.iterations > 0) iterations.push_back(static_cast<double>(job.iterations));
    if (job.iterations > 0 && job.duration_seconds == 0) ++s.jobs_without_duration;
    if (std::isfinite(job.deadline_seconds)) ++s.jobs_with_deadline;
    ++by_gpus[job.gpus].jobs;
    by_gpus[job.gpus].gpu_seconds += used;
    clusters.add(job.virtual_cluster, used);
    types.add(job.gpu_types, used);
    models.add(job.model, used);
  }
  s.duration_seconds = quantiles(durations);
  s.jobs_with_iterations = iterations.size();
  if (!iterations.empty()) s.iterations = quantiles(iterations);
  s.gpu_hours = gpu_seconds / 3600;
  if (s.span_seconds() > 0) s.mean_gpu_demand = gpu_seconds / s.span_seconds();
  for (const auto& [gpus, tally] : by_gpus)
    s.gpu_counts.push_back({gpus, tally.jobs, tally.gpu_seconds / 3600});
  s.virtual_clusters = clusters.list(workload.names);
  s.gpu_types = types.list(workload.names);
  s.models = models.list(workload.names);
  return s;
}

}  // namespace orrery::workloads
