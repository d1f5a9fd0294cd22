#include "sim/worlds/training/options/speed_basis.hpp"

#include <set>
#include <string>
#include <utility>

#include "models/training/profile_costs.hpp"
#include "sim/worlds/training/options/estimator_choice.hpp"

namespace orrery::training {

namespace {

training::DeviceBasis basis_of(const std::string& type, const models::DeviceCosts& costs) {
  training::DeviceBasis basis;
  basis.type = type;
  basis.calibrated = costs.calibrated;
  basis.rests_on = costs.source;
  if (!costs.profile) return basis;
  basis.profile = costs.profile->file;
  basis.profile_sha256 = costs.profile->sha256;
  basis.from_profile = costs.profile->parts;
  basis.from_data_sheets = costs.profile->data_sheets;
  if (const auto& error = costs.profile->held_out)
    basis.held_out_error = training::ErrorFigures{error->median, error->p90};
  return basis;
}

std::optional<double> seconds_of(const models::Throughput& found) {
  if (!found.feasible()) return std::nullopt;
  return found.iteration_seconds;
}

/// What the change by pruning rests on.
std::string change_rests_on(const models::DeviceCosts& costs, models::ThroughputOrigin origin) {
  const bool measured = costs.products != nullptr && costs.products->measured() && costs.profile;
  std::string text =
      measured ? to_text(*costs.profile) : "data sheet of " + costs.gpu_type + ", uncalibrated";
  if (measured && !costs.profile->pruned_measured)
    text += " of dense products; what pruned ones lose is a usual value";
  if (origin == models::ThroughputOrigin::derived) text += "; times a measured dense iteration";
  return text;
}

/// The task without its pruning, which make_throughputs puts beside each pruned one.
models::TaskId dense_twin(const models::Throughputs& throughputs, models::TaskId task) {
  models::TrainingTask wanted = throughputs.task(task);
  wanted.pruning.reset();
  for (std::size_t t = 0; t < throughputs.tasks(); ++t)
    if (throughputs.task(models::TaskId(t)) == wanted) return models::TaskId(t);
  return {};
}

}  // namespace

SpeedBasis speed_basis(const std::optional<ThroughputChoice>& choice,
                       const workloads::TrainingWorkload& workload,
                       const platform::Inventory& inventory,
                       const std::optional<JobThroughputs>& throughputs,
                       const EstimatorDevices* devices) {
  SpeedBasis out;
  if (!choice || !choice->estimator || !throughputs) return out;
  const models::DeviceCostsByType& costs = devices->costs;
  for (const std::string& type : inventory.types)
    out.devices.push_back(basis_of(type, costs.at(type)));
  const models::Throughputs& run = *throughputs->run;
  std::set<std::pair<std::size_t, std::int32_t>> seen;
  for (std::size_t j = 0; j < workload.jobs.size(); ++j) {
    const models::TaskId task = throughputs->task_of[j];
    if (task.is_none() || !run.task(task).pruning) continue;
    const std::int32_t gpus = workload.jobs[j].gpus;
    if (!seen.emplace(task.index(), gpus).second) continue;
    const models::TrainingTask& asked = run.task(task);
    const models::TaskId twin = dense_twin(run, task);
    for (std::size_t t = 0; t < inventory.types.size(); ++t) {
      training::PrunedBasis row;
      row.model = asked.model;
      row.pruning = to_text(*asked.pruning);
      row.batch_samples = asked.batch_samples;
      row.type = inventory.types[t];
      row.gpus = gpus;
      row.dense_iteration_seconds = seconds_of(run.best(twin, t, gpus));
      const models::Throughput pruned = run.best(task, t, gpus);
      row.pruned_iteration_seconds = seconds_of(pruned);
      row.rests_on = change_rests_on(costs.at(row.type), pruned.origin);
      out.pruned.push_back(std::move(row));
    }
  }
  return out;
}

}  // namespace orrery::training
