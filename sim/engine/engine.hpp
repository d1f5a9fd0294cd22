// The clock. Worlds schedule events here and start activities that contend for resources; SimGrid
// decides what contention means and stands behind this header only.
//
// While no activity is alive the engine runs its own queue and never enters SimGrid's kernel; else
// one SimGrid timer is armed for the head of the queue (notes in engine.cpp say why).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/ids.hpp"
#include "sim/engine/event_queue.hpp"

namespace orrery::engine {

struct HostTag;
using HostId = base::Id<HostTag>;
struct LinkTag;
using LinkId = base::Id<LinkTag>;
struct ActivityTag;
using ActivityId = base::Id<ActivityTag>;

/// What contends: hosts joined by links. Routes are explicit and symmetric.
struct Resources {
  struct Host {
    std::string name;
    double flops_per_second = 1e9;
  };
  struct Link {
    std::string name;
    double bytes_per_second = 0;
    double latency_seconds = 0;
  };
  struct Route {
    HostId from;
    HostId to;
    std::vector<LinkId> links;
  };
  std::vector<Host> hosts;
  std::vector<Link> links;
};

/// Why `run` came back.
enum class StopReason {
  exhausted,  ///< nothing is left to happen
  horizon,    ///< the next event lies beyond the horizon; now() is the horizon
  stopped,    ///< somebody called stop()
};

/// What a progress observer is told.
struct Progress {
  double now_seconds = 0;
  std::uint64_t events = 0;
};

/// One engine per process: SimGrid's kernel cannot be built twice. Constructing an Engine does not
/// touch SimGrid; the first activity does.
class Engine {
 public:
  /// `resources` may be empty; `links_between(a, b)` gives the route of a transfer, asked when it
  /// starts.
  using RouteFunction = std::function<std::vector<LinkId>(HostId from, HostId to)>;
  explicit Engine(Resources resources = {}, RouteFunction links_between = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  double now_seconds() const { return now_seconds_; }
  std::uint64_t events_run() const { return events_run_; }

  /// Schedules a callback at an absolute time, not before now.
  EventHandle at(double seconds, Priority priority, Callback callback);
  bool cancel(EventHandle handle) { return queue_.cancel(handle); }

  /// Moves `bytes` from host to host along the route; concurrent transfers share the links by
  /// max-min fairness. `done` runs at completion, with departure priority.
  ActivityId start_transfer(HostId from, HostId to, double bytes, Callback done);
  /// Computes on a host, sharing it equally with what else computes there.
  ActivityId start_compute(HostId host, double flops, Callback done);
  /// The activity never completes; its callback never runs. No-op for spent ids.
  void cancel(ActivityId activity);
  std::size_t activities_alive() const;

  /// Runs events up to and including `horizon_seconds` (nullopt: until nothing is left). May be
  /// called again to go on.
  StopReason run(std::optional<double> horizon_seconds = std::nullopt);
  /// Makes `run` return after the current event.
  void stop() { stop_requested_ = true; }

  /// Called about every `every_events` events, and never changes the simulation.
  void observe_progress(std::uint64_t every_events, std::function<void(const Progress&)> observer);

 private:
  friend class Kernel;
  class Kernel* kernel();
  void run_one();

  EventQueue queue_;
  double now_seconds_ = 0;
  std::uint64_t events_run_ = 0;
  bool stop_requested_ = false;
  std::uint64_t progress_every_ = 0;
  std::uint64_t progress_next_ = 0;
  std::function<void(const Progress&)> progress_;
  Resources resources_;
  RouteFunction links_between_;
  std::unique_ptr<class Kernel> kernel_;
};

}  // namespace orrery::engine
