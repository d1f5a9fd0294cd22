#include "sim/worlds/training/records/allocation_spans.hpp"

namespace orrery::training {

using workloads::JobId;

std::string_view to_string(SpanEnd end) {
  switch (end) {
    case SpanEnd::finished:
      return "finished";
    case SpanEnd::preempted:
      return "preempted";
    case SpanEnd::changed:
      return "changed";
    case SpanEnd::interrupted:
      return "interrupted";
    case SpanEnd::failed:
      return "failed";
    case SpanEnd::horizon:
      return "horizon";
  }
  return "";
}

void AllocationSpans::on_event(const ClusterEvent& event) {
  using Kind = ClusterEvent::Kind;
  switch (event.kind) {
    case Kind::started:
    case Kind::resumed:
      begin(event);
      break;
    case Kind::changed:
      end(event.job, event.seconds, SpanEnd::changed);
      begin(event);
      break;
    case Kind::preempted:
      end(event.job, event.seconds, SpanEnd::preempted);
      break;
    case Kind::interrupted:
      end(event.job, event.seconds, SpanEnd::interrupted);
      break;
    case Kind::failed:
      end(event.job, event.seconds, SpanEnd::failed);
      break;
    case Kind::finished:
      end(event.job, event.seconds, SpanEnd::finished);
      break;
    default:
      break;
  }
}

void AllocationSpans::begin(const ClusterEvent& event) {
  Held& held = held_[event.job.index()];
  held.since_seconds = event.seconds;
  held.placement.assign(event.placement.begin(), event.placement.end());
}

void AllocationSpans::end(JobId job, double seconds, SpanEnd by) {
  // Moved out, so that jobs that are over hold no memory.
  const platform::Placement placement = std::move(held_[job.index()].placement);
  held_[job.index()].placement.clear();
  const AllocationSpan span{job, held_[job.index()].since_seconds, seconds, by, placement};
  for (const Listener& listener : listeners_) listener(span);
}

void AllocationSpans::finish(double end_seconds) {
  for (std::size_t j = 0; j < held_.size(); ++j)
    if (!held_[j].placement.empty()) end(JobId(j), end_seconds, SpanEnd::horizon);
}

}  // namespace orrery::training
