#include "sim/worlds/training/job_throughputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "models/base/quantity.hpp"
#include "sim/worlds/training/scheduler.hpp"

namespace orrery::training {

using models::Throughput;

models::Locality locality_of(const platform::Placement& placement) {
  assert(!placement.empty());
  std::int32_t smallest = placement.front().gpus;
  for (const platform::NodeShare& share : placement) smallest = std::min(smallest, share.gpus);
  return {static_cast<std::int32_t>(placement.size()), smallest};
}

platform::TypeId type_of(const platform::Placement& placement,
                         const platform::Inventory& inventory) {
  return inventory.nodes[placement.front().node.index()].type;
}

namespace {

/// Seconds per iteration of the first configuration that can run, the one asked for first.
double reference_seconds(const models::Throughputs& throughputs, models::TaskId task,
                         platform::TypeId asked, std::int32_t gpus, std::int32_t largest_gpus) {
  std::vector<std::int32_t> counts{gpus};
  for (std::int32_t n = gpus / 2; n >= 1; n /= 2) counts.push_back(n);
  for (std::int32_t n = gpus * 2; n <= largest_gpus; n *= 2) counts.push_back(n);
  std::vector<std::size_t> types;
  if (!asked.is_none()) types.push_back(asked.index());
  for (std::size_t t = 0; t < throughputs.types(); ++t)
    if (asked.is_none() || t != asked.index()) types.push_back(t);
  for (const std::size_t type : types)
    for (const std::int32_t count : counts)
      if (const Throughput& found = throughputs.best(task, type, count); found.feasible())
        return found.iteration_seconds;
  return 0;
}

}  // namespace

void set_durations(workloads::TrainingWorkload& workload, const JobThroughputs& throughputs,
                   const platform::Inventory& inventory, std::int32_t largest_gpus) {
  for (std::size_t j = 0; j < workload.jobs.size(); ++j) {
    workloads::TrainingJob& job = workload.jobs[j];
    const models::TaskId task = throughputs.task_of[j];
    if (task.is_none()) continue;
    const std::string_view types = workload.names.text(job.gpu_types);
    const std::string first(types.substr(0, types.find('|')));
    const double seconds = reference_seconds(*throughputs.run, task, inventory.find_type(first),
                                             job.gpus, largest_gpus);
    job.duration_seconds = static_cast<double>(job.iterations) * seconds;
    if (job.duration_seconds > base::kLatestSecond)
      throw base::Error(
          where_of(workload, workloads::JobId(j), "iterations"),
          fmt::format("job {} has {} iterations of {} s each, expected at most 1e12 s in all",
                      job.id, job.iterations, seconds));
  }
}

}  // namespace orrery::training
