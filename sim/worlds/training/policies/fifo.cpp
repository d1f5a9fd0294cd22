// First in, first out.
//
// Read: nothing; the textbook policy, as the simulators of Helios and Tiresias have it.
// Ours: jobs submitted at one instant go as their file has them; a job that fits on no nodes but
// those that are down blocks nobody (toolkit/outages.hpp).
#include "sim/worlds/training/toolkit/queue_policy.hpp"

namespace orrery::policies {
namespace {

using namespace training;

double submission(const View& view, JobId job) {
  return view.at(job).submitted_seconds;
}

const auto fifo_registration =
    register_queue_policy("fifo", "first in, first out; never preempts", "textbook", submission);

}  // namespace
}  // namespace orrery::policies
