#include "models/training/iteration_time.hpp"

#include <algorithm>
#include <cassert>

namespace orrery::models {

namespace {

/// (B-1) max + sum, the part beyond the slowest stage divided by the chunks of interleaving.
struct Pass {
  double slowest = 0;
  double sum = 0;

  void add(double seconds) {
    slowest = std::max(slowest, seconds);
    sum += seconds;
  }
  double seconds(const IterationForm& form) const {
    return form.micro_batches * slowest + (sum - slowest) / form.interleave;
  }
};

}  // namespace

TimeBreakdown iteration_time(std::span<const StageTimes> stages, const IterationForm& form) {
  assert(!stages.empty());
  Pass forward;
  Pass backward;
  Pass overlapped_forward;
  Pass overlapped_backward;
  Pass send_forward;
  Pass send_backward;
  double sync_sum = 0;
  double sync_most = 0;
  double update = 0;
  const StageTimes* busiest = stages.data();
  const auto own = [](const StageTimes& t) {
    return t.forward_seconds + t.backward_seconds + t.forward_comm_seconds +
           t.backward_comm_seconds;
  };
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const StageTimes& t = stages[i];
    const double host = stages.size() > 1 ? form.send_seconds : 0;
    const double f = t.forward_seconds + t.forward_comm_seconds + host;
    const double b = t.backward_seconds + t.backward_comm_seconds + host;
    const double in_forward = i > 0 ? stages[i - 1].send_activations_seconds : 0;
    const double in_backward = i + 1 < stages.size() ? stages[i + 1].send_gradients_seconds : 0;
    forward.add(f);
    backward.add(b);
    overlapped_forward.add(std::max(f, in_forward));
    overlapped_backward.add(std::max(b, in_backward));
    send_forward.add(t.send_activations_seconds);
    send_backward.add(t.send_gradients_seconds);
    sync_sum += t.sync_seconds;
    sync_most = std::max(sync_most, t.sync_seconds);
    update = std::max(update, t.update_seconds);
    if (own(t) > own(*busiest)) busiest = &t;
  }

  const double working = forward.seconds(form) + backward.seconds(form);
  const IterationForm once{.micro_batches = form.micro_batches};
  TimeBreakdown time;
  time.inter_stage_seconds =
      form.overlap_transfers
          ? overlapped_forward.seconds(form) + overlapped_backward.seconds(form) - working
          : form.interleave * (send_forward.seconds(once) + send_backward.seconds(once));
  time.sync_seconds = form.serial_sync ? sync_sum : sync_most;
  time.overhead_seconds = form.overhead_seconds;
  const double batches = form.micro_batches;
  const double computing = batches * (busiest->forward_seconds + busiest->backward_seconds);
  time.intra_stage_seconds =
      batches * (busiest->forward_comm_seconds + busiest->backward_comm_seconds);
  time.bubble_seconds = std::max(0.0, working - computing - time.intra_stage_seconds);
  time.compute_seconds = computing + update;
  time.total_seconds =
      working + time.inter_stage_seconds + time.sync_seconds + update + time.overhead_seconds;
  if (stages.size() > 1) {
    const double host = 2 * batches * form.send_seconds;
    time.inter_stage_seconds += host;
    time.bubble_seconds = std::max(0.0, time.bubble_seconds - host);
  }
  time.overhead_seconds += form.slowdown * time.total_seconds;
  time.total_seconds *= 1 + form.slowdown;
  return time;
}

}  // namespace orrery::models
