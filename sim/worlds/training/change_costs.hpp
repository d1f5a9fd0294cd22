// What it costs a job, in seconds while it holds its GPUs, to start, to resume and to change its
// plan.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "models/base/parameters.hpp"

namespace orrery::training {

/// Seconds by GPU count: a table of upper bounds (`{1: 7, 8: 30, more: 60}`) or a line with a
/// ceiling (`{per_gpu: 10, at_most: 40}`: min(10 n, 40)). Empty: nothing.
struct CostByGpus {
  std::vector<std::pair<std::int32_t, double>> up_to;  ///< ascending upper bounds
  double more = 0;
  std::optional<double> per_gpu;  ///< given: the line, and no table
  double at_most = std::numeric_limits<double>::infinity();
  double seconds(std::int32_t gpus) const;
  bool is_free() const;  ///< it is nothing for any count
};
/// Reads the mapping; throws base::Error for a key that is neither a count nor `more`, and for a
/// mixture.
CostByGpus read_cost_by_gpus(const base::Node& node);

/// `plan_change:`, beside `restart_seconds` (docs/systems/crius.md, "Costs of a change", has the
/// figures; when each is paid is ours). All default to nothing.
struct PlanChangeCosts {
  /// Finding a parallel plan: paid when a job starts on a GPU type and count for the first time.
  CostByGpus search;
  /// Compiling it: paid at every start on another type or count than the last one.
  CostByGpus compile;
  /// Writing and reading the job's state: paid at every resume and change.
  CostByGpus checkpoint;
  /// Profiling the job: paid once, before its first start.
  CostByGpus profile;
  /// Launching its processes: paid at every start, resume and change.
  CostByGpus launch;
  /// Whether plans found are kept for later; otherwise `search` is paid at every start.
  bool keep_plans = true;
};
base::Declaration<PlanChangeCosts> declare(const PlanChangeCosts*);

}  // namespace orrery::training
