// From who should run on how many GPUs of which type to actions: where on the nodes, and who must
// move so that all fit. All of it is ours.
#pragma once

#include <vector>

#include "sim/worlds/training/toolkit/configuration.hpp"

namespace orrery::training {

/// What a policy wants of one job.
struct Assignment {
  JobId job;
  Configuration to;  ///< no GPUs: it is to wait
  Reason reason = Reason::queue_order;
};

struct ReallocationRules {
  /// Where a job finds no room at its best locality though enough GPUs are free, the jobs of that
  /// type may be packed anew. With counts and node sizes that are powers of two this never fails.
  bool repack = false;
  /// Where it still finds none it may be spread over more nodes, if it can run there.
  bool spread = true;
};

/// Adds the actions that bring about `wanted`, which holds each job at most once; running jobs that
/// stand not in it go on. Jobs whose configuration stays keep their GPUs (unless packed anew), the
/// others give theirs up, and are placed from the largest to the smallest, in the order of
/// `wanted`. A running job that finds no room stays where it was if that is still free, else it is
/// preempted; a pending one waits.
void reallocate(const View& view, const std::vector<Assignment>& wanted,
                const ReallocationRules& rules, Actions& actions);

}  // namespace orrery::training
