// How fast jobs run, and what starting and changing costs them.
#include <fmt/format.h>

#include <algorithm>

#include "models/base/numbers.hpp"
#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using platform::Placement;

const models::Throughput& TrainingCluster::State::throughput_on(JobId job,
                                                                const Placement& placement) const {
  return throughputs->run->of(throughputs->task_of[job.index()],
                              type_of(placement, inventory).index(), locality_of(placement));
}

models::ThroughputOrigin TrainingCluster::State::origin_on(JobId job,
                                                           const Placement& placement) const {
  if (throughputs == nullptr || throughputs->task_of[job.index()].is_none())
    return models::ThroughputOrigin::none;
  return throughput_on(job, placement).origin;
}

double TrainingCluster::State::speed_on(JobId job, const Placement& placement) const {
  const workloads::TrainingJob& j = workload.jobs[job.index()];
  if (throughputs == nullptr || throughputs->task_of[job.index()].is_none())
    return static_cast<double>(platform::gpus_of(placement)) / j.gpus;
  const models::Throughput& found = throughput_on(job, placement);
  if (!found.feasible()) checks().refuse_placement(job, placement);
  // Work is counted in seconds on what the job asks for.
  const double asked = j.duration_seconds / static_cast<double>(j.iterations);
  return asked / found.iteration_seconds;
}

double TrainingCluster::State::change_seconds(JobId job, bool resumed) {
  const Placement& placement = placements[job.index()];
  const std::int32_t gpus = platform::gpus_of(placement);
  double seconds = resumed ? config.restart.seconds(gpus) : 0;
  if (throughputs == nullptr || throughputs->task_of[job.index()].is_none()) return seconds;
  const PlanChangeCosts& costs = config.plan_change;
  if (made_plans.empty()) made_plans.resize(workload.jobs.size());
  MadePlans& made = made_plans[job.index()];
  const std::pair plan{type_of(placement, inventory), gpus};
  seconds += resumed ? costs.checkpoint.seconds(gpus) : costs.profile.seconds(gpus);
  seconds += costs.launch.seconds(gpus);
  if (!costs.keep_plans || std::ranges::find(made.searched, plan) == made.searched.end()) {
    seconds += costs.search.seconds(gpus);
    made.searched.push_back(plan);
  }
  if (made.compiled != plan) seconds += costs.compile.seconds(gpus);
  made.compiled = plan;
  return seconds;
}

void TrainingCluster::State::refuse_unrunnable(JobId job) const {
  const workloads::TrainingJob& j = workload.jobs[job.index()];
  throw base::Error(
      where_of(workload, job, "model"),
      fmt::format("job {} ({}, batch {}) cannot run on {} GPUs of {}: no throughput is known for "
                  "it there, or it does not fit; set 'on_oversized_job: reject' to leave such jobs "
                  "out",
                  j.id, workload.names.text(j.model), j.batch_samples, j.gpus,
                  j.gpu_types.is_none() ? "any type" : workload.names.text(j.gpu_types)));
}

}  // namespace orrery::training
