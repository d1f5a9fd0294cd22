// First in, first out.
//
// Read: nothing; the textbook policy, as the simulators of Helios and Tiresias have it.
// Ours: jobs submitted at one instant go as their file has them; a job that fits on no nodes but
// those that are down blocks nobody (toolkit/outages.hpp).
#include "sim/worlds/training/toolkit/queue_policy.hpp"

namespace orrery::policies {
namespace {

using namespace training;

double queue_order(const View& view, JobId job) {
  return view.queue_order(job);
}

const auto fifo_registration =
    register_queue_policy("fifo", "first in, first out; never preempts", "textbook", queue_order);

}  // namespace
}  // namespace orrery::policies
