// When jobs arrive under arena rules.
#pragma once

#include "workloads/training_job.hpp"

namespace orrery::training::arena {

/// Overwrites submission times by the start of the round each job is served in: times count from
/// the first row, a job submitted within (k, k + 1] rounds belongs to round k, and no job to an
/// earlier round than the one before it in the file (docs/systems/crius.md, "Arrivals and rounds",
/// read). Adds a note.
void serve_early(workloads::TrainingWorkload& workload, double round_seconds);

}  // namespace orrery::training::arena
