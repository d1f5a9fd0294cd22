// Free GPUs as decisions.csv counts them, by pool and by the types of a job.
#include <doctest/doctest.h>

#include "recorded_run.hpp"
#include "sim/worlds/training/records/free_gpus.hpp"

using namespace orrery;
using namespace orrery::training;
using namespace orrery::training::testing;
using platform::NodeId;
using workloads::JobId;
using Kind = ClusterEvent::Kind;

namespace {

/// Two nodes of 8 and one of 4 of another type; jobs of any type but the last, of that one.
struct Ground {
  platform::Inventory inventory =
      inventory_of({{2, "v100-32g", 8, 0, 0, {}, {}}, {1, "a100-40g", 4, 0, 0, {}, {}}});
  workloads::TrainingWorkload workload = workload_of({job("a", 0, 8), job("b", 0, 2), job("c", 0)});
  Ground() { workload.jobs[2].gpu_types = workload.names.intern("a100-40g"); }
};

}  // namespace

TEST_CASE("free GPUs follow what jobs take, give back and move to") {
  const Ground ground;
  FreeGpus free(ground.inventory, ground.workload, {});
  CHECK(free.count_for(JobId(0)) == 20);
  CHECK(free.count_for(JobId(2)) == 4);
  const platform::Placement first{share(0, 8, 0xff)};
  const platform::Placement half{share(2, 1, 1, 500)};
  const platform::Placement second{share(1, 8, 0xff)};
  free.on_event({.kind = Kind::started, .job = JobId(0), .placement = first});
  free.on_event({.kind = Kind::started, .job = JobId(2), .placement = half});
  CHECK(free.count_for(JobId(1)) == 11.5);
  CHECK(free.count_for(JobId(2)) == 3.5);
  free.on_event(
      {.kind = Kind::changed, .job = JobId(0), .placement = second, .old_placement = first});
  CHECK(free.count_for(JobId(1)) == 11.5);
  free.on_event({.kind = Kind::node_failed, .node = NodeId(0)});
  CHECK(free.count_for({}) == 3.5);
  // The GPUs of a job on a node that failed are not there, and not owed.
  free.on_event({.kind = Kind::node_failed, .node = NodeId(1)});
  CHECK(free.count_for({}) == 3.5);
  free.on_event({.kind = Kind::interrupted, .job = JobId(0), .placement = second});
  free.on_event({.kind = Kind::node_repaired, .node = NodeId(1)});
  CHECK(free.count_for({}) == 11.5);
}

TEST_CASE("a job's free GPUs are those of its pool, less what other worlds hold there") {
  const Ground ground;
  Pools pools{{0, 1, 1}, {0, 1, 1}, {}};
  FreeGpus alone(ground.inventory, ground.workload, pools);
  const platform::Placement first{share(0, 8, 0xff)};
  alone.on_event({.kind = Kind::started, .job = JobId(0), .placement = first});
  CHECK(alone.count_for(JobId(0)) == 0);
  CHECK(alone.count_for(JobId(1)) == 12);
  CHECK(alone.count_for(JobId(2)) == 4);
  CHECK(alone.count_for({}) == 12);
  pools.others_milli = [](std::uint32_t pool, platform::TypeId type) {
    return pool == 1 && type.index() == 0 ? std::int64_t{3000} : 0;
  };
  FreeGpus beside(ground.inventory, ground.workload, pools);
  CHECK(beside.count_for(JobId(0)) == 8);
  CHECK(beside.count_for(JobId(1)) == 9);
  CHECK(beside.count_for({}) == 17);
}
