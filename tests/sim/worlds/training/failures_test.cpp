// Failures, checkpoints, restarts and migrations: what is lost, what is paid, what is kept.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/outage_file.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::OutageFile;
using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::training::CheckpointConfig;
using orrery::training::MigrationConfig;
using Kind = orrery::training::ClusterEvent::Kind;

namespace {

double total_lost(const Outcome& outcome) {
  double sum = 0;
  for (const auto& event : outcome.events) sum += event.lost_work_seconds;
  return sum;
}

}  // namespace

TEST_CASE("without checkpoints a failure loses the run in hand") {
  Scenario scenario;
  scenario.node_group(1, 8).job(0, 8, 100);
  const OutageFile outages("0,40,50\n");
  outages.use_in(scenario);
  const Outcome outcome = simulate(scenario);
  CHECK(outcome.finish == std::vector<double>{150});
  CHECK(total_lost(outcome) == 40);
}

TEST_CASE("with checkpoints only the work since the last one is lost") {
  Scenario scenario;
  scenario.node_group(1, 8).job(0, 8, 100);
  const OutageFile outages("0,40,50\n");
  outages.use_in(scenario);
  // Cycles of 15 s computing and 2 s writing: at 40 s two are whole (30 s), 6 s are lost.
  scenario.config.checkpoint = CheckpointConfig{15, 2};
  const Outcome outcome = simulate(scenario);
  CHECK(total_lost(outcome) == 6);
  // 70 s are left from 50 s on: 4 checkpoints of 2 s within, none at the end.
  CHECK(outcome.finish == std::vector<double>{50 + 70 + 4 * 2});
}

TEST_CASE("a preempted job keeps all its progress and pays its restart at the resume") {
  Scenario scenario;
  scenario.node_group(1, 8).job(0, 8, 100).job(10, 8, 20).with("srtf");
  scenario.config.restart.up_to = {{1, 7}, {8, 30}};
  scenario.config.restart.more = 60;
  const Outcome outcome = simulate(scenario);
  CHECK(outcome.finish == std::vector<double>{10 + 20 + 30 + 90, 30});
}

TEST_CASE("restart costs go by upper bounds of the GPU count") {
  orrery::training::CostByGpus table;
  table.up_to = {{1, 7}, {8, 30}};
  table.more = 60;
  CHECK(table.seconds(1) == 7);
  CHECK(table.seconds(2) == 30);
  CHECK(table.seconds(8) == 30);
  CHECK(table.seconds(9) == 60);
  CHECK(orrery::training::CostByGpus{}.seconds(4) == 0);
}

TEST_CASE("a job that uses up its retries has failed, and its GPUs are free") {
  Scenario scenario;
  scenario.node_group(1, 8).job(0, 8, 100).job(1, 8, 10);
  const OutageFile outages("0,40,50\n");
  outages.use_in(scenario);
  scenario.config.job_retries = 0;
  const Outcome outcome = simulate(scenario);
  CHECK(outcome.counts.failed == 1);
  CHECK(outcome.finish == std::vector<double>{-1, 60});
  CHECK(outcome.all_done);
}

TEST_CASE("a node that never comes back leaves its jobs to the others") {
  Scenario scenario;
  scenario.node_group(2, 8).job(0, 8, 100).job(0, 8, 100).job(1, 16, 10);
  const OutageFile outages("1,50,\n");
  outages.use_in(scenario);
  const Outcome outcome = simulate(scenario);
  CHECK(outcome.finish == std::vector<double>{100, 200, -1});
  CHECK_FALSE(outcome.all_done);
}

TEST_CASE("state travels when a job resumes elsewhere, alone or sharing the fabric") {
  for (const bool shared : {false, true}) {
    INFO("shared: ", shared);
    Scenario scenario;
    // A is on node 0 when it fails at 10 s; node 1 is free.
    scenario.node_group(2, 4).job(0, 4, 100);
    const OutageFile outages("0,10,1000\n");
    outages.use_in(scenario);
    scenario.config.checkpoint = CheckpointConfig{5, 0};
    scenario.config.migration = MigrationConfig{2e9};
    scenario.platform.fabric.nic_bytes_per_second = 1e9;
    scenario.platform.fabric.latency_seconds = 0;
    if (shared) scenario.platform.network = orrery::platform::Network::shared;
    const Outcome outcome = simulate(scenario);
    // 8 GB over 1 GB/s, then the 90 s that are left.
    CHECK(outcome.finish[0] == doctest::Approx(10 + 8 + 90).epsilon(1e-9));
    // How long that took is told at the resume, or when the state has arrived.
    const auto told = shared ? Kind::migrated : Kind::resumed;
    const auto event = std::ranges::find(outcome.events, told, &orrery::test::Seen::kind);
    REQUIRE(event != outcome.events.end());
    CHECK(event->restart_seconds == doctest::Approx(8).epsilon(1e-9));
  }
}

TEST_CASE("work is conserved under random failures: what was held is work done or work lost") {
  for (const auto* policy : orrery::training::policies()) {
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
      INFO(policy->name, " seed ", seed);
      RandomStream random(seed, "failures test");
      Scenario scenario;
      scenario.node_group(4, 8).with(policy->name);
      double now = 0;
      for (int j = 0; j < 80; ++j) {
        now += random.exponential(30);
        scenario.job(now, 1 << random.below(5), 20 + random.exponential(300));
      }
      auto& failures = scenario.platform.failures.emplace();
      failures.mean_time_between_failures_seconds = 2000;
      failures.mean_time_to_repair_seconds = 100;
      scenario.seed = seed;
      if (seed % 2 == 0) scenario.config.checkpoint = CheckpointConfig{60, 0};
      const Outcome outcome = simulate(scenario);
      REQUIRE(outcome.all_done);
      double lost = 0;
      int interruptions = 0;
      for (const auto& event : outcome.events) {
        if (event.kind != Kind::interrupted) continue;
        ++interruptions;
        CHECK(event.lost_work_seconds >= 0);
        // A job that has grown into its node does up to 8 times as much between checkpoints.
        const double speed = policy->name == "gandiva" ? 8 : 1;
        if (seed % 2 == 0) CHECK(event.lost_work_seconds <= 60 * speed);
        lost += event.lost_work_seconds * scenario.workload.jobs[event.job].gpus;
      }
      double demand = 0;
      for (const auto& job : scenario.workload.jobs) demand += job.gpus * job.duration_seconds;
      CHECK(interruptions > 0);
      CHECK(outcome.held_gpu_seconds() == doctest::Approx(demand + lost).epsilon(1e-9));
    }
  }
}
