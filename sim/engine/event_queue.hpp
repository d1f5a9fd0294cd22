// The stable event queue: ordered by (time, priority, sequence), cancellable, no SimGrid in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace orrery::engine {

/// Order of events at one instant; smaller runs first. Gaps are left for worlds to come.
enum class Priority : std::int32_t {
  departure = 0,  ///< something ends and frees what it held
  failure = 100,  ///< nodes go down or come back
  arrival = 200,  ///< something new asks
  timer = 300,    ///< wake-ups a policy asked for
  pass = 400,     ///< the scheduling pass, after all that happened at this instant
  rates = 450,    ///< shares of what jobs contend for, once for all that changed at this instant
  sample = 500,   ///< observers that look at the settled state
};

using Callback = std::function<void()>;

/// Names one scheduled event; stays safe to use after the event ran or was cancelled.
struct EventHandle {
  std::uint32_t slot = UINT32_MAX;
  std::uint32_t generation = 0;
  bool operator==(const EventHandle&) const = default;
};

class EventQueue {
 public:
  /// Schedules a callback; `seconds` must be finite.
  EventHandle push(double seconds, Priority priority, Callback callback);
  /// True when the event was still to come and now never runs. A no-op for spent handles.
  bool cancel(EventHandle handle);

  bool empty() const { return live_ == 0; }
  std::size_t size() const { return live_; }
  /// Time of the next event; the queue must not be empty.
  double next_seconds();
  /// Removes the next event and returns its callback; the queue must not be empty.
  Callback pop();

 private:
  struct Entry {
    double seconds;
    std::int32_t priority;
    std::uint32_t slot;
    std::uint64_t sequence;
  };
  struct Slot {
    Callback callback;
    std::uint32_t generation = 0;
    bool live = false;
  };
  static bool later(const Entry& a, const Entry& b);
  void drop_cancelled();
  void compact();
  void remove_front();
  void sift_up(std::size_t hole, Entry entry);
  void sift_down(std::size_t hole, Entry entry);

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::uint64_t sequence_ = 0;
  std::size_t live_ = 0;
};

}  // namespace orrery::engine
