// What the speeds of a workload's jobs rest on, where it names models and iterations.
#pragma once

#include <memory>
#include <vector>

#include "models/throughput/throughputs.hpp"
#include "sim/platform/node.hpp"
#include "sim/platform/placement_state.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// One per run. Without it (plain durations) a job's speed is proportional to its GPUs.
struct JobThroughputs {
  std::vector<models::TaskId> task_of;                ///< by JobId; none: a plain duration
  std::shared_ptr<const models::Throughputs> run;     ///< how fast jobs really run
  std::shared_ptr<const models::Throughputs> decide;  ///< what the policy is told; often the same
  /// A job's GPU type is what it asks for, not all it may have: policies that know the throughput
  /// elsewhere may change it.
  bool types_are_preferences = true;
};

/// The locality that a placement's speed is taken from: equal shares as they are, uneven ones as
/// if every node had only the smallest share (ours: the slowest node sets the pace).
models::Locality locality_of(const platform::Placement& placement);

/// The GPU type of a placement, which never mixes types.
platform::TypeId type_of(const platform::Placement& placement,
                         const platform::Inventory& inventory);

/// Gives jobs that are counted in iterations the duration they would have on what they ask for, at
/// its best locality: the unit in which the world counts their work. Where that cannot run, the
/// first type and count (halved, then doubled, up to `largest_gpus`) that can stands for it.
/// A job that can run nowhere gets 0 seconds. Throws base::Error for one that would last longer
/// than base::kLatestSecond.
void set_durations(workloads::TrainingWorkload& workload, const JobThroughputs& throughputs,
                   const platform::Inventory& inventory, std::int32_t largest_gpus);

}  // namespace orrery::training
