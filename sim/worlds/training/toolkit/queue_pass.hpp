// One scheduling pass without preemption: start jobs in the queue's order where they fit.
//
// A job that fits on no nodes but those that are down blocks nobody (toolkit/outages.hpp), whatever
// the rule of the queue.
#pragma once

#include <span>

#include "sim/worlds/training/policy.hpp"
#include "sim/worlds/training/toolkit/draft.hpp"
#include "sim/worlds/training/toolkit/outages.hpp"
#include "sim/worlds/training/toolkit/pending_queue.hpp"

namespace orrery::training {

/// What happens behind a job that does not fit.
enum class QueueRule {
  blocking,           ///< the pass stops there
  skipping,           ///< later jobs may start
  blocking_per_type,  ///< later jobs may start, but not on the GPU types it may use (the default:
                      ///< of one type it is `blocking`, of several nobody waits for another type)
};

/// The words of `queue:` in an experiment.
std::vector<std::pair<std::string, QueueRule>> queue_words();

/// The same rule, in the form that ends a pass soonest: of one type, blocked is all.
QueueRule rule_on(const platform::PlacementState& state, QueueRule rule);

/// Options of the policies that order a queue.
struct QueueOptions {
  QueueRule queue = QueueRule::blocking_per_type;
  PlacementRule placement = PlacementRule::consolidated;
};
base::Declaration<QueueOptions> declare(const QueueOptions*);

/// Why a demand does not fit on `state`, which has just refused it.
Reason why_not(const platform::PlacementState& state, const Demand& demand);

/// A GPU type that nobody else may have until job `by` has a place.
struct BlockedType {
  platform::TypeId type;
  JobId by;
};
/// As why_not, but behind another job where all types with enough free GPUs are blocked; of those
/// that block a type the first counts.
Wait wait_of(JobId job, const platform::PlacementState& state, const Demand& demand,
             std::span<const BlockedType> blocked);

/// Starts what fits, in order, taking it from `queue` and `draft`; jobs that arrived or
/// were interrupted and stay behind, jobs set aside and the job that blocks get a Wait. Returns the
/// job at which a `blocking` queue stopped; none where it did not.
JobId queue_pass(const View& view, const Delta& delta, const QueueOptions& options,
                 PendingQueue& queue, Draft& draft, Outages& outages, Actions& actions);

}  // namespace orrery::training
