// What the speeds of a run rest on, for its summary.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/worlds/training/job_throughputs.hpp"
#include "sim/worlds/training/options/throughput_choice.hpp"
#include "sim/worlds/training/records/basis.hpp"

namespace orrery::training {

struct SpeedBasis {
  std::vector<training::DeviceBasis> devices;
  std::vector<training::PrunedBasis> pruned;
};

/// Nothing without a choice; devices where it has an estimator; the pruned models of the workload
/// on every GPU type, in order of their first job and the number of GPUs it asks for.
SpeedBasis speed_basis(const std::optional<ThroughputChoice>& choice,
                       const workloads::TrainingWorkload& workload,
                       const platform::Inventory& inventory,
                       const std::optional<JobThroughputs>& throughputs,
                       const EstimatorDevices* devices);

}  // namespace orrery::training
