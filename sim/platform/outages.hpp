// The one source of node outages of a platform: every world hears of each.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/engine/engine.hpp"
#include "sim/platform/failures.hpp"
#include "sim/platform/ledger.hpp"

namespace orrery::platform {

/// Outages go on as long as any world is open.
class Outages {
 public:
  /// `config` absent: none ever. Throws base::Error (at `where`) as FailureSource.
  Outages(engine::Engine& engine, Ledger& ledger, const Inventory& inventory,
          const std::optional<FailureConfig>& config, std::uint64_t seed, const base::Where& where);

  struct Observer {
    /// The node goes down now: give back at once all that is held of it. It counts as down when
    /// every observer has been told.
    std::function<void(NodeId)> down;
    /// The node is back, all its devices free.
    std::function<void(NodeId)> up;
  };
  void observe(Observer observer) { observers_.push_back(std::move(observer)); }

  /// A world is open from `open_world` until its `close_world`.
  void open_world() { ++open_worlds_; }
  void close_world();
  bool any_open() const { return open_worlds_ > 0; }

  /// Schedules the first outage of each node; once, after the worlds have opened.
  void start();

 private:
  void schedule(NodeId node, double after_seconds);
  void fail(NodeId node, double up_seconds);
  void repair(NodeId node);

  engine::Engine& engine_;
  Ledger& ledger_;
  std::optional<FailureSource> source_;
  std::vector<engine::EventHandle> events_;  // by node
  std::vector<Observer> observers_;
  std::size_t open_worlds_ = 0;
};

}  // namespace orrery::platform
