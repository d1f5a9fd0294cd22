#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "models/base/csv.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::traces {

namespace {

using workloads::TrainingJob;

/// Which optional columns some job needs: the others would only hold defaults.
struct OptionalColumns {
  bool gpu_milli = false, model = false, iterations = false, batch = false, deadline = false,
       virtual_cluster = false, gpu_types = false, pruning = false, after_job = false;

  explicit OptionalColumns(const workloads::TrainingWorkload& workload) {
    after_job = !workload.successions.empty();
    for (const TrainingJob& job : workload.jobs) {
      gpu_milli |= job.gpu_milli != 1000;
      model |= !job.model.is_none();
      iterations |= job.iterations != 0;
      batch |= job.batch_samples != 0;
      deadline |= std::isfinite(job.deadline_seconds);
      virtual_cluster |= !job.virtual_cluster.is_none();
      gpu_types |= !job.gpu_types.is_none();
      pruning |= !job.pruning.is_none();
    }
  }

  std::vector<std::string> header() const {
    std::vector<std::string> names = {"job_id", "submit_seconds", "gpus", "duration_seconds"};
    if (gpu_milli) names.emplace_back("gpu_milli");
    if (model) names.emplace_back("model");
    if (iterations) names.emplace_back("iterations");
    if (batch) names.emplace_back("batch_samples");
    if (deadline) names.emplace_back("deadline_seconds");
    if (virtual_cluster) names.emplace_back("virtual_cluster");
    if (gpu_types) names.emplace_back("gpu_types");
    if (pruning) names.emplace_back("pruning");
    if (after_job) names.insert(names.end(), {"after_job", "think_seconds"});
    return names;
  }
};

}  // namespace

std::string to_native_csv(const workloads::TrainingWorkload& workload) {
  const OptionalColumns columns(workload);
  std::unordered_map<std::string_view, const workloads::Succession*> held;
  for (const workloads::Succession& s : workload.successions)
    held.emplace(workload.names.text(s.job), &s);
  base::CsvWriter writer(columns.header());
  const auto& names = workload.names;
  for (const TrainingJob& job : workload.jobs) {
    writer.field(job.id).field(job.submit_seconds);
    writer.field(std::int64_t{job.gpus}).field(job.duration_seconds);
    if (columns.gpu_milli) writer.field(std::int64_t{job.gpu_milli});
    if (columns.model) writer.field(names.text(job.model));
    if (columns.iterations) writer.field(job.iterations);
    if (columns.batch) writer.field(job.batch_samples);
    if (columns.deadline) {
      writer.field(std::isfinite(job.deadline_seconds) ? job.deadline_seconds
                                                       : std::numeric_limits<double>::quiet_NaN());
    }
    if (columns.virtual_cluster) writer.field(names.text(job.virtual_cluster));
    if (columns.gpu_types) writer.field(names.text(job.gpu_types));
    if (columns.pruning) writer.field(names.text(job.pruning));
    if (columns.after_job) {
      const auto found = held.find(job.id);
      if (found == held.end())
        writer.empty().empty();
      else
        writer.field(names.text(found->second->after)).field(found->second->think_seconds);
    }
    writer.end_row();
  }
  return writer.take();
}

}  // namespace orrery::traces
