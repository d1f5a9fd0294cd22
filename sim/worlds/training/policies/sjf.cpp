// Shortest job first.
//
// Read: nothing; the textbook policy with the durations of the trace as a perfect oracle, as the
// simulator of Helios has it.
// Ours: a job thrown out by a node failure queues by what is left of it; a job that fits on no
// nodes but those that are down blocks nobody (toolkit/outages.hpp).
#include "sim/worlds/training/toolkit/queue_policy.hpp"

namespace orrery::policies {
namespace {

using namespace training;

double work_left(const View& view, JobId job) {
  return view.remaining_seconds(job);
}

const auto sjf_registration =
    register_queue_policy("sjf", "shortest job first, by the trace's durations; never preempts",
                          "textbook", work_left, {.foresees = true});

}  // namespace
}  // namespace orrery::policies
