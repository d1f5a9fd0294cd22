#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "models/base/csv.hpp"
#include "traces/trace_reader.hpp"

namespace orrery::traces {

namespace {

using workloads::TrainingJob;

constexpr std::size_t kNeeded = 4;  // columns that every trace has, the first ones

/// Which optional columns some job needs: the others would only hold defaults.
struct OptionalColumns {
  bool gpu_milli = false, model = false, iterations = false, batch = false, deadline = false,
       virtual_cluster = false, user = false, account = false, gpu_types = false, pruning = false,
       after_job = false;

  static OptionalColumns all() {
    OptionalColumns columns;
    columns.gpu_milli = columns.model = columns.iterations = columns.batch = columns.deadline =
        columns.virtual_cluster = columns.user = columns.account = columns.gpu_types =
            columns.pruning = columns.after_job = true;
    return columns;
  }

  OptionalColumns() = default;
  explicit OptionalColumns(const workloads::TrainingWorkload& workload) {
    after_job = !workload.successions.empty();
    for (const TrainingJob& job : workload.jobs) {
      gpu_milli |= job.gpu_milli != 1000;
      model |= !job.model.is_none();
      iterations |= job.iterations != 0;
      batch |= job.batch_samples != 0;
      deadline |= std::isfinite(job.deadline_seconds);
      virtual_cluster |= !job.virtual_cluster.is_none();
      user |= !job.user.is_none();
      account |= !job.account.is_none();
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
    if (user) names.emplace_back("user");
    if (account) names.emplace_back("account");
    if (gpu_types) names.emplace_back("gpu_types");
    if (pruning) names.emplace_back("pruning");
    if (after_job) names.insert(names.end(), {"after_job", "think_seconds"});
    return names;
  }
};

}  // namespace

bool is_native_csv(std::string_view text) {
  const std::vector<std::string> columns = OptionalColumns::all().header();
  std::string_view rest = text.substr(0, text.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  // The needed columns, then some of the others, all in the writer's order.
  std::size_t at = 0;
  for (std::size_t i = 0; i == 0 || !rest.empty(); ++i) {
    const std::string_view name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    const auto found =
        std::find(columns.begin() + static_cast<std::ptrdiff_t>(at), columns.end(), name);
    if (found == columns.end()) return false;
    at = static_cast<std::size_t>(found - columns.begin()) + 1;
    if (i < kNeeded && at != i + 1) return false;
    if (rest.empty() && i + 1 < kNeeded) return false;
  }
  return true;
}

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
    if (columns.user) writer.field(names.text(job.user));
    if (columns.account) writer.field(names.text(job.account));
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
