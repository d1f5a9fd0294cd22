// What starting and changing costs jobs.
#include <algorithm>

#include "sim/worlds/training/cluster_state.hpp"

namespace orrery::training {

using platform::Placement;

double TrainingCluster::State::change_seconds(JobId job, bool first) {
  const Placement& placement = placements[job.index()];
  const std::int32_t gpus = platform::gpus_of(placement);
  double seconds = first ? 0 : config.restart.seconds(gpus);
  if (!has_task(job)) return seconds;
  const PlanChangeCosts& costs = config.plan_change;
  if (made_plans.empty()) made_plans.resize(workload.jobs.size());
  MadePlans& made = made_plans[job.index()];
  const std::pair plan{type_of(placement, inventory), gpus};
  seconds += first ? costs.profile.seconds(gpus) : costs.checkpoint.seconds(gpus);
  seconds += costs.launch.seconds(gpus);
  if (!costs.keep_plans || std::ranges::find(made.searched, plan) == made.searched.end()) {
    seconds += costs.search.seconds(gpus);
    made.searched.push_back(plan);
  }
  if (made.compiled != plan) seconds += costs.compile.seconds(gpus);
  made.compiled = plan;
  return seconds;
}

}  // namespace orrery::training
