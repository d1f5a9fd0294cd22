// Turns events into spans: a job held these GPUs from here to there.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/worlds/training/cluster_event.hpp"

namespace orrery::training {

/// What ended a job's hold on its GPUs.
enum class SpanEnd : std::uint8_t { finished, preempted, changed, interrupted, failed, horizon };
std::string_view to_string(SpanEnd end);

struct AllocationSpan {
  workloads::JobId job;
  double start_seconds = 0;
  double end_seconds = 0;
  SpanEnd ended_by = SpanEnd::finished;
  std::span<const platform::NodeShare> placement;
};

/// Spans are told when they end, so in order of their ends.
class AllocationSpans {
 public:
  using Listener = std::function<void(const AllocationSpan&)>;

  explicit AllocationSpans(std::size_t jobs) : held_(jobs) {}

  void listen(Listener listener) { listeners_.push_back(std::move(listener)); }
  void on_event(const ClusterEvent& event);
  /// Ends what is still held, in file order of jobs.
  void finish(double end_seconds);

 private:
  struct Held {
    double since_seconds = 0;
    platform::Placement placement;
  };

  void begin(const ClusterEvent& event);
  void end(workloads::JobId job, double seconds, SpanEnd by);

  std::vector<Held> held_;
  std::vector<Listener> listeners_;
};

}  // namespace orrery::training
