// The clock. Worlds schedule events here and start activities that contend for resources; SimGrid
// decides what contention means and stands behind this header only.
//
// The engine runs its own queue; SimGrid is entered only when an activity starts, is
// cancelled or reaches the date of its next event, so other events cost the same with and without
// activities alive (engine.cpp says how the two clocks agree).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
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
struct FlowTag;
using FlowId = base::Id<FlowTag>;

class SimgridBackend;

/// What contends: hosts joined by links. Routes are given per transfer.
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

/// One engine per process: SimGrid cannot be built twice. Constructing an Engine does not
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

  /// Moves `bytes` from host to host along the route: after the sum of its latencies the flow
  /// starts, and concurrent flows share the links by max-min fairness. On an empty route nothing
  /// but the engine's own queue is needed. `done` runs at completion, with departure priority.
  /// Throws base::Error (run_failed) when this process already ran another engine's activities.
  ActivityId start_transfer(HostId from, HostId to, double bytes, Callback done);
  /// Computes on a host, sharing it equally with what else computes there.
  ActivityId start_compute(HostId host, double flops, Callback done);
  /// The activity never completes; its callback never runs. No-op for spent ids.
  void cancel(ActivityId activity);
  std::size_t activities_alive() const;

  /// A flow without an end: it takes its max-min share of the links from now until it is stopped,
  /// beside the other flows and the transfers. `links` (not empty) are all links it crosses; one
  /// that stands there k times weighs k, so the hops of a ring, joined, are one flow of the ring's
  /// rate. It never completes, and `run` does not wait for it: what a rate means for whoever owns
  /// the flow, and when that ends, is the owner's.
  FlowId start_flow(const std::vector<LinkId>& links);
  /// No-op for stopped flows.
  void stop_flow(FlowId flow);
  /// Bytes per second (of each crossing) at this instant, after all starts and stops of it: the
  /// first question after a change solves once for all of them. The flow must be alive.
  double flow_rate(FlowId flow);
  std::size_t flows_alive() const { return flows_.size(); }

  /// Runs events up to and including `horizon_seconds` (nullopt: until nothing is left). May be
  /// called again to go on. Throws base::Error (run_failed) where the next one lies behind
  /// base::kLatestSecond.
  StopReason run(std::optional<double> horizon_seconds = std::nullopt);
  /// Makes `run` return after the current event.
  void stop() { stop_requested_ = true; }

  /// Called about every `every_events` events, and never changes the simulation.
  void observe_progress(std::uint64_t every_events, std::function<void(const Progress&)> observer);

 private:
  // An activity waits for one event of the queue (its start or its end) or runs in SimGrid.
  struct Activity {
    Callback done;
    EventHandle event;
  };
  ActivityId add_activity(Callback done);
  SimgridBackend& backend();
  void finish_at(double seconds, std::uint32_t key);
  void finish(std::uint32_t key);
  void schedule_completed();
  double backend_seconds();
  void run_backend(double seconds);
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
  std::uint32_t next_activity_ = 0;
  std::unordered_map<std::uint32_t, Activity> activities_;
  std::uint32_t next_flow_ = 0;
  std::unordered_set<std::uint32_t> flows_;
  std::unique_ptr<SimgridBackend> backend_;
};

}  // namespace orrery::engine
