// Everything that shares one fabric now, whichever world it belongs to, and how much slower each
// is than alone.
#pragma once

#include <functional>
#include <vector>

#include "models/network/contention.hpp"
#include "models/network/traffic.hpp"
#include "sim/engine/engine.hpp"
#include "sim/platform/fabric.hpp"

namespace orrery::platform {

struct MemberTag;
/// One that communicates over the fabric; ids ascend in order of joining.
using MemberId = base::Id<MemberTag>;

/// One flow of the engine per member, over the hops of its longest phase, gives max-min rates; a
/// model turns them into iteration times (models/network/contention.hpp). Shares are solved once an
/// instant, after all that joined and left at it (Priority::rates).
class FabricShares {
 public:
  FabricShares(engine::Engine& engine, const Fabric& fabric, models::Contention contention);

  /// Links' bytes per second, by index.
  const std::vector<double>& capacity() const { return capacity_; }

  /// Told a member's iteration time over that of having the fabric alone, at least 1, whenever it
  /// has changed. Differences within the model's own tolerance do not count.
  using Changed = std::function<void(double slowdown)>;
  /// The member communicates from now on; `traffic` has a phase.
  MemberId join(models::JobTraffic traffic, Changed changed);
  /// A no-op for a member that left, or `none`.
  void leave(MemberId member);
  std::size_t members() const { return members_.size(); }

 private:
  struct Member {
    MemberId id;
    models::JobTraffic traffic;
    double alone_seconds = 0;
    engine::FlowId flow;
    double slowdown = 1;
    Changed changed;
  };
  std::vector<Member>::iterator find(MemberId member);
  void request_solving();
  void solve();

  engine::Engine& engine_;
  models::Contention contention_;
  std::vector<double> capacity_;
  std::vector<Member> members_;  // by id
  std::size_t next_ = 0;
  bool solving_requested_ = false;
};

}  // namespace orrery::platform
