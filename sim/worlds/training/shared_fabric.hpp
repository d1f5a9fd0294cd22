// The jobs that share one fabric now, and how much slower each is than alone.
#pragma once

#include <vector>

#include "models/network/contention.hpp"
#include "models/network/traffic.hpp"
#include "sim/engine/engine.hpp"
#include "sim/platform/fabric.hpp"
#include "sim/worlds/training/policy.hpp"

namespace orrery::training {

/// One flow of the engine per job, over the hops of its longest phase, gives max-min rates; a model
/// turns them into iteration times (models/network/contention.hpp).
class SharedFabric {
 public:
  SharedFabric(engine::Engine& engine, const platform::Fabric& fabric,
               models::Contention contention);

  /// Links' bytes per second, by index.
  const std::vector<double>& capacity() const { return capacity_; }

  /// The job communicates from now on; `traffic` has a phase.
  void join(JobId job, models::JobTraffic traffic);
  /// False when it was not there.
  bool leave(JobId job);

  struct Change {
    JobId job;
    double slowdown = 1;  ///< iteration time over that of having the fabric alone, at least 1
  };
  /// Solves for all that changed since the last call; the jobs whose slowdown is another now, in
  /// order of joining. Differences within the model's own tolerance do not count.
  std::vector<Change> solve();

 private:
  struct Member {
    JobId job;
    models::JobTraffic traffic;
    double alone_seconds = 0;
    engine::FlowId flow;
    double slowdown = 1;
  };

  engine::Engine& engine_;
  models::Contention contention_;
  std::vector<double> capacity_;
  std::vector<Member> members_;  // in order of joining
};

}  // namespace orrery::training
