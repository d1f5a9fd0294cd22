// Bytes on their way between nodes, for any world: they contend with everything else on a shared
// fabric, and have the route to themselves on an isolated one.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "sim/engine/engine.hpp"
#include "sim/platform/fabric_shares.hpp"

namespace orrery::platform {

struct TransferTag;
using TransferId = base::Id<TransferTag>;

/// A transfer takes the sum of its route's latencies, then its bytes at the rate it gets. On a
/// shared fabric it is a member like a job that communicates all the time.
class Transfers {
 public:
  /// `shares` null: isolated. All arguments outlive this.
  Transfers(engine::Engine& engine, const Fabric& fabric, FabricShares* shares);

  /// `done` runs when the last byte has arrived, with departure priority; on the same node, or
  /// without bytes, after the latencies alone. Throws base::Error for nodes that are not connected.
  TransferId start(NodeId from, NodeId to, double bytes, engine::Callback done);
  /// It never arrives. A no-op for one that has arrived.
  void cancel(TransferId transfer);
  std::size_t alive() const { return transfers_.size(); }

 private:
  struct Transfer {
    double bytes_left = 0;
    double alone_bytes_per_second = 0;
    double slowdown = 1;
    double since_seconds = 0;  // when `bytes_left` held
    engine::EventHandle event;
    MemberId member;
    engine::Callback done;
  };
  void join(TransferId id, const std::vector<engine::LinkId>& links);
  void change(TransferId id, double slowdown);
  void schedule_end(TransferId id);
  void end(TransferId id);

  engine::Engine& engine_;
  const Fabric& fabric_;
  FabricShares* shares_;
  std::uint32_t next_ = 0;
  std::unordered_map<std::uint32_t, Transfer> transfers_;
};

}  // namespace orrery::platform
