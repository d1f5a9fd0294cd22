#include "models/training/pipeline_simulation.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <limits>
#include <vector>

namespace orrery::models {

namespace {

constexpr double kNotYet = std::numeric_limits<double>::infinity();

struct Task {
  bool forward = true;
  int micro_batch = 0;
};

/// The order in which one stage works.
std::vector<Task> order_of(PipelineSchedule schedule, int stage, int stages, int micro_batches) {
  std::vector<Task> order;
  const int ahead = schedule == PipelineSchedule::gpipe
                        ? micro_batches
                        : std::min(micro_batches, stages - 1 - stage);
  for (int m = 0; m < ahead; ++m) order.push_back({true, m});
  for (int m = ahead; m < micro_batches; ++m) {
    order.push_back({true, m});
    order.push_back({false, m - ahead});
  }
  for (int m = micro_batches - ahead; m < micro_batches; ++m) order.push_back({false, m});
  return order;
}

/// A stage at work: what it does next, and when inputs of each micro-batch are there.
struct Stage {
  std::vector<Task> order;
  std::size_t next = 0;
  double free_at = 0;
  double forward_link_free_at = 0;
  double backward_link_free_at = 0;
  std::vector<double> activations_at;
  std::vector<double> gradients_at;
  int in_flight = 0;
};

class Pipeline {
 public:
  Pipeline(std::span<const StageTimes> times, PipelineSchedule schedule, const IterationForm& form)
      : times_(times), form_(form), stages_(times.size()) {
    const auto count = static_cast<int>(times.size());
    const auto batches = static_cast<std::size_t>(form.micro_batches);
    for (int i = 0; i < count; ++i) {
      Stage& stage = stages_[static_cast<std::size_t>(i)];
      stage.order = order_of(schedule, i, count, form.micro_batches);
      // Inputs of the first stage are there from the beginning.
      stage.activations_at.assign(batches, kNotYet);
      if (i == 0) std::fill(stage.activations_at.begin(), stage.activations_at.end(), 0.0);
      stage.gradients_at.assign(batches, kNotYet);
    }
  }

  /// Runs every task; orders are fixed and their dependences acyclic, so that a stage may go on as
  /// soon as its next input is known, whatever the others do.
  SimulatedIteration run() {
    SimulatedIteration result;
    bool moved = true;
    while (moved) {
      moved = false;
      for (std::size_t i = 0; i < stages_.size(); ++i)
        while (step(i, result)) moved = true;
    }
    for (const Stage& stage : stages_) {
      assert(stage.next == stage.order.size());
      result.total_seconds = std::max(result.total_seconds, stage.free_at);
    }
    return result;
  }

 private:
  bool step(std::size_t i, SimulatedIteration& result) {
    Stage& stage = stages_[i];
    if (stage.next == stage.order.size()) return false;
    const Task task = stage.order[stage.next];
    const auto m = static_cast<std::size_t>(task.micro_batch);
    const double ready = task.forward ? stage.activations_at[m] : stage.gradients_at[m];
    if (ready == kNotYet) return false;
    const StageTimes& t = times_[i];
    const double start = std::max(stage.free_at, ready);
    if (task.forward) {
      stage.free_at = start + t.forward_seconds + t.forward_comm_seconds;
      result.most_in_flight = std::max(result.most_in_flight, ++stage.in_flight);
      if (i + 1 < stages_.size())
        stages_[i + 1].activations_at[m] =
            send(stage, stage.forward_link_free_at, t.send_activations_seconds);
      else
        stage.gradients_at[m] = stage.free_at;
    } else {
      stage.free_at = start + t.backward_seconds + t.backward_comm_seconds;
      --stage.in_flight;
      if (i > 0)
        stages_[i - 1].gradients_at[m] =
            send(stage, stage.backward_link_free_at, t.send_gradients_seconds);
    }
    ++stage.next;
    return true;
  }

  /// When what was just computed has arrived.
  double send(Stage& stage, double& link_free_at, double seconds) const {
    if (!form_.overlap_transfers) return stage.free_at += seconds;
    return link_free_at = std::max(link_free_at, stage.free_at) + seconds;
  }

  std::span<const StageTimes> times_;
  const IterationForm& form_;
  std::vector<Stage> stages_;
};

}  // namespace

SimulatedIteration simulate_pipeline(std::span<const StageTimes> stages, PipelineSchedule schedule,
                                     const IterationForm& form) {
  assert(!stages.empty() && form.interleave == 1 && form.micro_batches >= 1);
  SimulatedIteration result = Pipeline(stages, schedule, form).run();
  double sync = 0;
  double update = 0;
  for (const StageTimes& t : stages) {
    sync = form.serial_sync ? sync + t.sync_seconds : std::max(sync, t.sync_seconds);
    update = std::max(update, t.update_seconds);
  }
  result.total_seconds += sync + update + form.overhead_seconds;
  return result;
}

}  // namespace orrery::models
