// What starting and changing costs jobs.
#include <algorithm>
#include <limits>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using platform::Placement;

double TrainingCluster::State::cost_on(JobId job, bool first, const Placement& placement) const {
  const std::int32_t gpus = platform::gpus_of(placement);
  double seconds = first ? 0 : config.restart.seconds(gpus);
  if (!has_task(job)) return seconds;
  const PlanChangeCosts& costs = config.plan_change;
  const std::pair plan{type_of(placement, inventory), gpus};
  const MadePlans none;
  const MadePlans& made = made_plans.empty() ? none : made_plans[job.index()];
  seconds += first ? costs.profile.seconds(gpus) : costs.checkpoint.seconds(gpus);
  seconds += costs.launch.seconds(gpus);
  if (!costs.keep_plans || std::ranges::find(made.searched, plan) == made.searched.end())
    seconds += costs.search.seconds(gpus);
  if (made.compiled != plan) seconds += costs.compile.seconds(gpus);
  return seconds;
}

double TrainingCluster::State::change_seconds(JobId job, bool first) {
  const Placement& placement = placements[job.index()];
  const double seconds = cost_on(job, first, placement);
  if (!has_task(job)) return seconds;
  if (made_plans.empty()) made_plans.resize(workload.jobs.size());
  MadePlans& made = made_plans[job.index()];
  const std::pair plan{type_of(placement, inventory), platform::gpus_of(placement)};
  if (std::ranges::find(made.searched, plan) == made.searched.end()) made.searched.push_back(plan);
  made.compiled = plan;
  return seconds;
}

double TrainingCluster::State::seconds(JobId job, const Placement& placement) const {
  if (workload.jobs[job.index()].endless) return std::numeric_limits<double>::infinity();
  JobStatus run = status[job.index()];
  run.speed = speed_on(job, placement);
  run.cycle_from_seconds = 0;
  const bool first = run.starts == 0;
  double before = cost_on(job, first, placement);
  if (!first && config.migration) before += isolated_migration_seconds(job, placement);
  return before + run.run_seconds();
}

}  // namespace orrery::training
