#include "sim/worlds/training/options/result_basis.hpp"

#include <fmt/format.h>

#include "models/base/error.hpp"

namespace orrery::training {

namespace {

bool changes_are_free(const TrainingOptions& options) {
  return options.restart.is_free() && !options.plan_change && !options.migration &&
         !options.checkpoint;
}

}  // namespace

void check_throughputs(const TrainingOptions& options, const workloads::TrainingWorkload& workload,
                       bool any_throughput) {
  const PolicyEntry& policy = *options.policy.entry;
  if (!policy.traits.needs_throughputs || any_throughput || workload.jobs.empty() ||
      options.without_throughput == WithoutThroughput::proportional)
    return;
  throw base::Error(
      options.policy.options.where,
      fmt::format("{} decides by how fast a job runs on each GPU type and number of GPUs, and {}; "
                  "give 'throughput' and jobs with a model and iterations, or 'without_throughput: "
                  "proportional' to let it take all speeds as proportional to the GPUs",
                  policy.name,
                  options.throughput ? "the jobs of this workload are plain durations"
                                     : "the experiment has no 'throughput'"));
}

std::vector<std::string> basis_notes(const TrainingOptions& options, bool any_throughput,
                                     std::uint64_t restarts) {
  std::vector<std::string> notes;
  const PolicyEntry& policy = *options.policy.entry;
  const std::string& name = options.policy.label;
  if (restarts > 0 && changes_are_free(options))
    notes.push_back(
        fmt::format("{} restarted jobs {} time{} at no cost, because the experiment "
                    "has no 'restart_seconds'",
                    name, restarts, restarts == 1 ? "" : "s"));
  if (policy.traits.foresees)
    notes.push_back(fmt::format(
        "{} knows in advance how long each job will run, exactly; a real scheduler has estimates",
        name));
  if (policy.traits.needs_throughputs && !any_throughput)
    notes.push_back(fmt::format(
        "{} decides by throughputs and was given none: it took speeds as proportional to the GPUs",
        name));
  return notes;
}

}  // namespace orrery::training
