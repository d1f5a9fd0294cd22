// The slot map of Crius and the migration on it: undo, and what moving jobs about must keep.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>

#include "sim/worlds/training/policies/crius/bubble_migration.hpp"
#include "tests/sim/worlds/training/policies/crius_bench.hpp"

using namespace orrery;
using namespace orrery::policies::crius;
using orrery::test::CriusBench;
using orrery::test::OpenCrius;
using training::JobId;

TEST_CASE("a rollback restores everything, and a replay repeats it") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "undo");
    CriusBench bench(seed);
    OpenCrius crius{Options{}};
    test::warm_up(bench, crius, random);
    crius.begin(bench.view(), {});
    SlotMap& slots = crius.state.slots;
    const auto look = [&] {
      std::vector<std::uint64_t> all{slots.hash()};
      for (std::uint32_t n = 0; n < bench.nodes(); ++n) all.push_back(slots.free_slots(n));
      std::vector<std::uint32_t> nodes;
      std::vector<JobId> jobs;
      for (std::size_t type = 0; type < slots.types(); ++type) {
        all.push_back(static_cast<std::uint64_t>(slots.free_gpus(type)));
        slots.partial_nodes(type, 1000, nodes);
        all.insert(all.end(), nodes.begin(), nodes.end());
        slots.idle_nodes(type, 1, 1000, nodes);
        all.insert(all.end(), nodes.begin(), nodes.end());
        slots.jobs_on(type, jobs);
        for (const JobId job : jobs) all.push_back(job.index());
      }
      return all;
    };
    const auto before = look();
    const std::size_t mark = slots.mark();
    for (const JobId job : bench.running()) {
      if (random.below(3) == 0) slots.release_all(job);
      if (random.below(3) == 0) slots.lend_all(job);
    }
    for (const JobId job : bench.arrive(8))
      crius.state.trial.place(job, *crius.state.request(job), kMigrationBudget);
    const auto after = look();
    CHECK(before != after);
    const auto changes = slots.since(mark);
    const std::vector<Change> redo(changes.begin(), changes.end());
    slots.rollback(mark);
    CHECK(look() == before);
    slots.replay(redo);
    CHECK(look() == after);
  }
}
namespace {

constexpr std::size_t kJobs = 24;

/// Four nodes of 16 GPUs with jobs on 1, 2 and 4 of them, laid at random.
struct SpreadJobs {
  explicit SpreadJobs(std::uint64_t seed)
      : inventory(platform::make_inventory({node_group()}, {})), random(seed, "bubbles") {
    std::vector<platform::NodeId> members;
    for (std::size_t n = 0; n < inventory.nodes.size(); ++n) members.emplace_back(n);
    free = platform::PlacementState(inventory, members);
    jobs.resize(kJobs);
    placements.resize(kJobs);
    demand_of.resize(kJobs, training::DemandId(0));
    view.jobs = jobs;
    view.placements = placements;
    view.demand_of = demand_of;
    view.demands = demands;
    view.nodes = inventory.nodes;
    view.free = &free;
    slots.load(view);
    estimates.begin(view, false);
    for (std::size_t j = 0; j < kJobs; ++j) lay(JobId(j));
  }

  static platform::NodeGroup node_group() {
    platform::NodeGroup group;
    group.count = 6;
    group.gpu = "v100-32g";
    group.gpus_per_node = 16;
    return group;
  }

  /// A job on 1, 2 or 4 random nodes with 1, 2 or 4 GPUs on each, where these are free.
  void lay(JobId job) {
    const std::size_t nodes = std::size_t{1} << random.below(3);
    const std::int32_t each = 1 << random.below(3);
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t n = 0; n < inventory.nodes.size() && chosen.size() < nodes; ++n)
      if (slots.free_on(n) >= each + 1 && random.below(2) == 0) chosen.push_back(n);
    if (chosen.size() < nodes) return;
    for (const std::uint32_t n : chosen) slots.take_lowest(n, each, job);
  }

  platform::Inventory inventory;
  base::RandomStream random;
  platform::PlacementState free;
  std::vector<workloads::TrainingJob> jobs;
  std::vector<platform::Placement> placements;
  std::vector<training::DemandId> demand_of;
  std::vector<training::Demand> demands{{1, 1000, {TypeId(0)}}};
  training::View view;
  SlotMap slots;
  Estimates estimates;
};

}  // namespace

TEST_CASE("bubble migration keeps every job's GPUs, equal on its nodes, and gathers free ones") {
  std::size_t emptied = 0, merged = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    SpreadJobs cluster(seed);
    SlotMap& slots = cluster.slots;
    std::vector<std::uint32_t> nodes;
    for (int iteration = 0; iteration < 6; ++iteration) {
      std::vector<Locality> before(kJobs);
      for (std::size_t j = 0; j < kJobs; ++j)
        if (slots.runs(JobId(j))) before[j] = slots.locality(JobId(j));
      slots.idle_nodes(0, 1, 100, nodes);
      const std::size_t idle = nodes.size();
      slots.partial_nodes(0, 1000, nodes);
      migrate_bubbles(slots, cluster.estimates, nodes, seed % 2 == 0);
      for (std::size_t j = 0; j < kJobs; ++j) {
        const JobId job(j);
        if (!slots.runs(job)) continue;
        const Locality now = slots.locality(job);
        REQUIRE(now.gpus() == before[j].gpus());
        REQUIRE(slots.gpus_of(job) == now.gpus());
        REQUIRE(now.nodes <= before[j].nodes);
        merged += now.nodes < before[j].nodes;
      }
      slots.idle_nodes(0, 1, 100, nodes);
      CHECK(nodes.size() >= idle);
      emptied += nodes.size() - idle;
    }
  }
  std::printf("bubble migration emptied %zu nodes and merged the parts of %zu jobs\n", emptied,
              merged);
  CHECK(emptied > 50);
  CHECK(merged > 50);
}
