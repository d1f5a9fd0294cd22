// Jobs that slow each other down on one fabric: closed forms in seconds, and conservation of work.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/base/random.hpp"
#include "tests/sim/engine/in_child.hpp"
#include "tests/sim/worlds/training/outage_file.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

namespace orrery::test {
namespace {

using engine::testing::expect;
using engine::testing::expect_equal;
using engine::testing::expect_near;
using engine::testing::in_child;
using Kind = training::ClusterEvent::Kind;

// Racks of two nodes with one GPU each, whose uplinks carry what one node does. Jobs of three GPUs
// lie on nodes 0 to 2 and 3 to 5 and meet on the uplink of the middle rack.
Scenario middle_rack(double part) {
  Scenario scenario;
  scenario.node_group(6, 1);
  scenario.platform.network = platform::Network::shared;
  scenario.platform.fabric.topology = platform::Topology::fat_tree;
  scenario.platform.fabric.nodes_per_rack = 2;
  scenario.platform.fabric.oversubscription = 2;
  scenario.config.communication.assumed_part = part;
  return scenario;
}

TEST_CASE("two jobs that communicate always halve each other, in seconds") {
  for (const auto contention : {models::Contention::duty, models::Contention::always}) {
    CHECK(in_child([contention] {
            Scenario scenario = middle_rack(1);
            scenario.platform.contention = contention;
            scenario.job(0, 3, 100).job(50, 3, 100);
            const Outcome outcome = simulate(scenario);
            expect_near(outcome.finish[0], 150, 1e-4, "first");
            expect_near(outcome.finish[1], 200, 1e-4, "second");
          }) == "");
  }
}

TEST_CASE("two jobs that communicate half of their time: the fixed point, and always") {
  CHECK(in_child([] {
          Scenario scenario = middle_rack(0.5);
          scenario.job(0, 3, 100).job(0, 3, 100);
          const Outcome outcome = simulate(scenario);
          // T = 1 + d / 2 with d = (1 + d) / 2 / T.
          expect_near(outcome.finish[0], 100 + 25 * (std::sqrt(5.0) - 1), 1e-4, "duty");
        }) == "");
  CHECK(in_child([] {
          Scenario scenario = middle_rack(0.5);
          scenario.platform.contention = models::Contention::always;
          scenario.job(0, 3, 100).job(0, 3, 100);
          expect_near(simulate(scenario).finish[0], 150, 1e-9, "always");
        }) == "");
}

TEST_CASE("a job that is alone runs as on an isolated fabric, to the last bit") {
  CHECK(in_child([] {
          for (const int gpus : {1, 5}) {  // only one may need the kernel
            Scenario scenario = middle_rack(0.7);
            for (int j = 0; j < 7; ++j) scenario.job(1000.0 * j / 3, gpus, 100.0 / 7 + j);
            const Outcome shared = simulate(scenario);
            scenario.platform.network = platform::Network::isolated;
            const Outcome isolated = simulate(scenario);
            for (std::size_t j = 0; j < 7; ++j)
              expect_equal(shared.finish[j], isolated.finish[j],
                           fmt::format("{} GPUs, job {}", gpus, j));
          }
        }) == "");
}

TEST_CASE("a job that restarts sends nothing until its work goes on") {
  CHECK(in_child([] {
          // The first is preempted at 10 s by a shorter one of its size, which contends until it
          // ends at 30 s; then it resumes and pays 30 s.
          Scenario scenario = middle_rack(1);
          scenario.job(0, 3, 1000).job(0, 3, 100).job(10, 3, 10).with("srtf");
          scenario.config.restart.more = 30;
          const Outcome outcome = simulate(scenario);
          double slower_from = -1;
          for (const Seen& event : outcome.events)
            if (event.kind == Kind::shared && event.seconds > 30 && event.slowdown > 1 &&
                slower_from < 0)
              slower_from = event.seconds;
          expect_near(slower_from, 60, 1e-4, "contention begins with work");
        }) == "");
}

TEST_CASE("the state of a job that is alone takes as long to move on a shared fabric as isolated") {
  // Latencies count; over two racks the uplink is the narrow part; two nodes that fetch from one
  // share its link.
  const OutageFile outages("0,10,100000\n");
  for (const bool tree : {false, true}) {
    for (const int gpus : {4, 8}) {
      INFO(std::string(tree ? "fat tree" : "star"), ", ", gpus, " GPUs");
      Scenario scenario;
      scenario.node_group(1, 8).node_group(4, 4).job(0, gpus, 100);
      scenario.with("fifo", "{placement: pooled}");
      outages.use_in(scenario);
      auto& fabric = scenario.platform.fabric;
      if (tree) fabric.topology = platform::Topology::fat_tree;
      fabric.nodes_per_rack = 1;
      fabric.oversubscription = 3;
      fabric.nic_bytes_per_second = 1e9;
      scenario.config.checkpoint = training::CheckpointConfig{5, 0};
      scenario.config.migration = training::MigrationConfig{2e9};
      // 2 GB per GPU over 1 GB/s, a third of it between racks, and 5 us for each link of the route.
      const double seconds = 2 * gpus * (tree ? 3 : 1) + 5e-6 * (tree ? 4 : 2);
      CHECK(simulate(scenario).finish[0] == doctest::Approx(100 + seconds).epsilon(1e-12));
      scenario.platform.network = platform::Network::shared;
      CHECK(in_child([&scenario, seconds] {
              expect_near(simulate(scenario).finish[0], 100 + seconds, 1e-11, "shared");
            }) == "");
    }
  }
}

TEST_CASE("work is conserved at changing speeds, under failures and with checkpoints") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    INFO("seed ", seed);
    CHECK(in_child([seed] {
            base::RandomStream random(seed, "sharing test");
            Scenario scenario;
            scenario.node_group(12, 2);
            scenario.platform.network = platform::Network::shared;
            scenario.platform.fabric.topology = platform::Topology::fat_tree;
            scenario.platform.fabric.nodes_per_rack = 3;
            scenario.platform.fabric.oversubscription = 4;
            scenario.config.communication.assumed_part = 0.1 + 0.8 * random.uniform();
            double now = 0;
            for (int j = 0; j < 60; ++j) {
              now += random.exponential(60);
              scenario.job(now, static_cast<int>(1 + random.below(9)),
                           20 + random.exponential(300));
            }
            auto& failures = scenario.platform.failures.emplace();
            failures.mean_time_between_failures_seconds = 5000;
            failures.mean_time_to_repair_seconds = 100;
            scenario.seed = seed;
            if (seed % 2 == 0) scenario.config.checkpoint = training::CheckpointConfig{60, 0};
            if (seed % 3 == 0) scenario.with("srtf", "{queue: skipping}");
            const Outcome outcome = simulate(scenario);
            expect(outcome.all_done, "all done");
            struct Run {
              double since = -1, speed = 0, work = 0;
            };
            std::map<std::size_t, Run> runs;
            int changes = 0;
            for (const Seen& event : outcome.events) {
              Run& run = runs[event.job];
              if (run.since >= 0) run.work += (event.seconds - run.since) * run.speed;
              if (run.since >= 0) run.since = event.seconds;
              if (event.kind == Kind::started || event.kind == Kind::resumed ||
                  event.kind == Kind::changed) {
                run.since = event.seconds + event.restart_seconds;
                run.speed = event.speed;
              } else if (event.kind == Kind::shared) {
                run.speed = event.speed;
                ++changes;
              } else if (event.kind != Kind::waits && event.kind != Kind::submitted) {
                run.since = -1;
              }
              run.work -= event.lost_work_seconds;
            }
            expect(changes > 20, "speeds changed");
            for (std::size_t j = 0; j < scenario.workload.jobs.size(); ++j)
              expect_near(runs[j].work, scenario.workload.jobs[j].duration_seconds, 1e-9,
                          fmt::format("work of job {}", j));
          }) == "");
  }
}

}  // namespace
}  // namespace orrery::test
