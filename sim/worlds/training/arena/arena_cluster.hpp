// The training cluster under arena rules: the round-based simulator of the Crius (Arena) artifact,
// exact to its quirks, for comparing with its published results.
//
// It drives the same policies through the same View, Delta and Actions as TrainingCluster and tells
// the same events, so that everything that reads results works unchanged. Read:
// docs/systems/crius.md, "Quirks of the artifact". Ours: that a policy is called once a round, with
// the departures and the arrivals in one Delta; it serves the departures first where its
// publication does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sim/platform/platform.hpp"
#include "sim/worlds/training/arena/arena_rules.hpp"
#include "sim/worlds/training/change_costs.hpp"
#include "sim/worlds/training/cluster.hpp"
#include "sim/worlds/training/job_throughputs.hpp"
#include "sim/worlds/training/policy.hpp"
#include "sim/worlds/training/progress_watch.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training::arena {

struct ArenaConfig {
  Quirks quirks;
  double round_seconds = 300;
  std::optional<std::int64_t> rounds;  ///< just so many; absent: until nothing can happen any more
  training::CostByGpus restart;
  bool policy_adapts = false;  ///< see TrainingClusterConfig
  std::int64_t stuck_after = training::kStuckAfter;
};

/// Inside a round: jobs arrive; running jobs advance and those that are done leave; where a job
/// came or left (or a wish to be woken is due) the policy decides; the round's throughput is taken.
/// A job that cannot run on what it asks for is rejected as it arrives, unless the policy adapts.
class ArenaCluster final : public training::Cluster {
 public:
  /// Submission times are to be those of the rules (see serve_early). Every job must be counted in
  /// iterations. The arguments are kept by reference and must outlive the world. Throws base::Error
  /// for jobs that are plain durations and for unknown GPU types.
  ArenaCluster(platform::Platform& platform, platform::HolderId holder, const ArenaConfig& config,
               const workloads::TrainingWorkload& workload,
               std::unique_ptr<training::Policy> policy,
               const training::JobThroughputs& throughputs);

  /// Jobs that a policy made anew would leave pending for ever on the idle cluster are rejected as
  /// they arrive, too. To be called before the start.
  void reject_unstartable(const std::function<std::unique_ptr<training::Policy>()>& make_policy);

 private:
  struct State;
};

}  // namespace orrery::training::arena
