// SimGrid behind the engine: private to this folder, and the only file that includes SimGrid is
// simgrid_backend.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/engine/engine.hpp"

namespace orrery::engine {

/// SimGrid's platform, clock and running activities. At most one per process, ever.
///
/// SimGrid's clock lags behind the engine's: it is brought forward only when something starts,
/// is cancelled or completes. In between, the date of SimGrid's next event is all that the
/// engine needs to know.
class SimgridBackend {
 public:
  /// Names one running activity; the engine's ActivityId index.
  using Key = std::uint32_t;

  /// Throws base::Error (run_failed) when this process already had one.
  explicit SimgridBackend(const Resources& resources);
  ~SimgridBackend();
  SimgridBackend(const SimgridBackend&) = delete;
  SimgridBackend& operator=(const SimgridBackend&) = delete;

  /// Starts a transfer over `links` (not empty) or a computation, at `now_seconds`.
  void start_transfer(Key key, const std::vector<LinkId>& links, double bytes, double now_seconds);
  void start_compute(Key key, HostId host, double flops, double now_seconds);
  /// Stops an activity that runs; it never shows up in `take_completed`.
  void cancel(Key key, double now_seconds);

  /// Starts a flow over `links` (not empty) that lasts until it is stopped. Keys of flows are apart
  /// from those of activities.
  void start_flow(Key key, const std::vector<LinkId>& links, double now_seconds);
  void stop_flow(Key key, double now_seconds);
  /// Bytes per second of a flow among all that run now.
  double flow_rate(Key key);

  /// Transfers and computations that run; flows do not count.
  std::size_t running() const;
  /// Date of SimGrid's next event; infinity when nothing that runs can ever complete.
  double next_seconds();
  /// Runs it up to `seconds`, which must not lie beyond `next_seconds()`.
  void advance_to(double seconds);
  bool has_completed() const;
  /// Activities completed since the last call, in the order in which they were started.
  std::vector<Key> take_completed();

  /// True when this process has or had one.
  static bool existed();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace orrery::engine
