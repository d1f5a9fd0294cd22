// What a result rests on besides its figures: what the policy was told or spared that no real one
// would be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/worlds/training/options/training_options.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// Throws base::Error where the policy decides by throughputs, no job has any, and the options do
/// not say that it may go on without.
void check_throughputs(const TrainingOptions& options, const workloads::TrainingWorkload& workload,
                       bool any_throughput);

/// Sentences for the notes of the results. `restarts`: how often jobs started again or changed
/// their GPUs.
std::vector<std::string> basis_notes(const TrainingOptions& options, bool any_throughput,
                                     std::uint64_t restarts);

}  // namespace orrery::training
