// Whether what a policy asks for can be done: asked by every world before it does it.
#pragma once

#include <span>

#include "sim/platform/fabric.hpp"
#include "sim/worlds/training/scheduler.hpp"

namespace orrery::training {

/// A world's arrays, as the checks look at them. Each throws base::Error (run_failed) naming the
/// job and what is wrong.
struct ActionChecks {
  const workloads::TrainingWorkload& workload;
  const platform::Inventory& inventory;
  const Division& division;
  std::span<const JobStatus> status;
  std::span<const platform::Placement> placements;
  const platform::Fabric* fabric = nullptr;  ///< null: every node reaches every other

  /// The job is the scheduler's, and in the state that the action needs.
  void action(const Scheduler& scheduler, const Action& action) const;
  /// The placement of a start or change is free; to be asked when all GPUs that the pass gives up
  /// are free.
  void placement(const Scheduler& scheduler, const Action& action) const;
  /// For a placement on which no throughput of the job is known.
  [[noreturn]] void refuse_placement(JobId job, const platform::Placement& placement) const;
};

}  // namespace orrery::training
