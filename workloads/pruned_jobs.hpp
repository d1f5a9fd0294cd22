// Which jobs of a workload train a pruned model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/declaration_fwd.hpp"
#include "models/base/error.hpp"
#include "models/gemm/pruning.hpp"
#include "workloads/training_job.hpp"

namespace orrery::workloads {

/// `pruning: {pattern: tw, sparsity: 0.75, tile_width: 128, models: [bert__1.3B], share: 0.5}`.
struct PruningRule {
  models::gemm::Pruning pruning;
  std::vector<std::string> models;  ///< by any name the zoo knows; empty: all that can be pruned
  double share = 1;                 ///< of the jobs that it fits, in [0, 1]
};

/// Reads one rule or a list of them. Throws base::Error for an unknown pattern or model, a sparsity
/// that the pattern cannot have, and a share outside [0, 1].
std::vector<PruningRule> read_pruning_rules(const base::Node& node);

/// Every key of a rule.
base::DeclarationInfo pruning_schema();

/// Writes into each job's `pruning` what the first rule that takes it says. A rule takes a job by a
/// draw of its own from (seed, position of the rule), so that a larger share takes the same jobs
/// and more. What the trace says of a job stays. Jobs given as plain durations, and models of which
/// only sums of products are known, stay dense. Adds a note on how many jobs were pruned.
void prune_jobs(TrainingWorkload& workload, const std::vector<PruningRule>& rules,
                std::uint64_t seed);

/// Throws base::Error naming the first pruned job that is a plain duration or whose model cannot be
/// pruned.
void check_pruned_jobs(const TrainingWorkload& workload);

}  // namespace orrery::workloads
