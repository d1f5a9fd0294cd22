// What nodes that are down mean to the jobs that wait.
//
// The rule is ours: nobody knows when a node comes back, so a policy decides as if the cluster had
// only the nodes that are up. A job that would not fit on them even if all their GPUs were free is
// set aside: it is tried at every pass in its place in the queue, but it holds up no other job and
// nothing is reserved for it. When nodes come back it takes its place again; jobs that started
// meanwhile keep their GPUs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sim/worlds/training/placement.hpp"
#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// The nodes of one scheduler that are down, followed by its Deltas. Kept by a policy between
/// calls. Costs nothing while all nodes are up.
class Outages {
 public:
  /// To be called once at every decision.
  void update(const View& view, const Delta& delta);

  bool any() const { return any_; }
  /// GPUs of a type on nodes that are down.
  std::int32_t down_gpus(platform::TypeId type) const {
    return any_ ? down_gpus_[type.index()] : 0;
  }

  /// True when nodes are down and `place` finds no room for the job on the others, all of whose
  /// GPUs are free in the state it is given. Jobs of equal demand get the same answer until a node
  /// fails or comes back.
  using Place = std::function<std::optional<platform::Placement>(platform::PlacementState&)>;
  bool set_aside(const View& view, JobId job, const Place& place);
  /// The same where jobs are placed as they ask for by a rule.
  bool set_aside(const View& view, JobId job, PlacementRule rule);

  /// Why a job whose GPU count a policy chooses has no configuration on the nodes that are up:
  /// `nodes_down` where it would have one of `counts` with all nodes up, else `cannot_run`.
  Reason why_nowhere(const View& view, JobId job, std::span<const std::int32_t> counts) const;

 private:
  enum class Answer : std::uint8_t { unknown, fits, set_aside };

  std::vector<std::uint8_t> down_;  // by node
  bool any_ = false;
  std::vector<std::int32_t> down_gpus_;               // by type
  std::optional<platform::PlacementState> all_free_;  // on the nodes that are up; made when asked
  std::vector<Answer> answers_;                       // by DemandId
};

}  // namespace orrery::training
