#include "sim/engine/event_queue.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace orrery::engine {

namespace {

// Four children per parent: half the levels of a binary heap, and siblings share a cache line or
// two, which pays on the pops of a large queue.
constexpr std::size_t kArity = 4;
// Below this size compaction costs more than it frees.
constexpr std::size_t kSmallestCompaction = 64;

}  // namespace

// A cancelled event keeps its slot until its heap entry surfaces or the heap is compacted; an
// entry is dead exactly when its slot is not live, and no slot has two entries.

EventHandle EventQueue::push(double seconds, Priority priority, Callback callback) {
  assert(std::isfinite(seconds));
  assert(callback);
  std::uint32_t slot;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& s = slots_[slot];
  s.callback = std::move(callback);
  s.live = true;
  const Entry entry{seconds, static_cast<std::int32_t>(priority), slot, sequence_++};
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
  ++live_;
  return {slot, s.generation};
}

bool EventQueue::cancel(EventHandle handle) {
  if (handle.slot >= slots_.size()) return false;
  Slot& s = slots_[handle.slot];
  if (!s.live || s.generation != handle.generation) return false;
  s.live = false;
  ++s.generation;
  --live_;
  // What the callback holds may itself reach into this queue when it is destroyed: it goes last.
  const Callback dropped = std::exchange(s.callback, nullptr);
  if (heap_.size() >= kSmallestCompaction && heap_.size() > 2 * live_) compact();
  return true;
}

double EventQueue::next_seconds() {
  assert(live_ > 0);
  drop_cancelled();
  return heap_.front().seconds;
}

Callback EventQueue::pop() {
  assert(live_ > 0);
  drop_cancelled();
  const std::uint32_t slot = heap_.front().slot;
  Slot& s = slots_[slot];
  Callback callback = std::exchange(s.callback, nullptr);
  s.live = false;
  ++s.generation;
  --live_;
  remove_front();
  free_slots_.push_back(slot);
  return callback;
}

bool EventQueue::later(const Entry& a, const Entry& b) {
  if (a.seconds != b.seconds) return a.seconds > b.seconds;
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.sequence > b.sequence;
}

void EventQueue::drop_cancelled() {
  while (!heap_.empty() && !slots_[heap_.front().slot].live) {
    free_slots_.push_back(heap_.front().slot);
    remove_front();
  }
}

void EventQueue::compact() {
  std::size_t kept = 0;
  for (const Entry& entry : heap_) {
    if (slots_[entry.slot].live) {
      heap_[kept++] = entry;
    } else {
      free_slots_.push_back(entry.slot);
    }
  }
  heap_.resize(kept);
  for (std::size_t i = kept / kArity + 1; i-- > 0;) {
    if (i < kept) sift_down(i, heap_[i]);
  }
}

void EventQueue::remove_front() {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sift_down(0, last);
}

void EventQueue::sift_up(std::size_t hole, const Entry entry) {
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / kArity;
    if (!later(heap_[parent], entry)) break;
    heap_[hole] = heap_[parent];
    hole = parent;
  }
  heap_[hole] = entry;
}

void EventQueue::sift_down(std::size_t hole, const Entry entry) {
  for (;;) {
    const std::size_t first = hole * kArity + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + kArity, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (later(heap_[least], heap_[child])) least = child;
    }
    if (!later(entry, heap_[least])) break;
    heap_[hole] = heap_[least];
    hole = least;
  }
  heap_[hole] = entry;
}

}  // namespace orrery::engine
