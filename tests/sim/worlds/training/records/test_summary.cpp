// Every definition of docs/metrics.md on runs worked by hand.
#include <doctest/doctest.h>

#include <limits>

#include "recorded_run.hpp"
#include "sim/report/run_summary.hpp"

using namespace orrery;
using namespace orrery::training;
using namespace orrery::training::testing;

namespace {

/// One node of four GPUs.
platform::Inventory one_node() {
  return inventory_of({{1, "v100-32g", 4, 0, 0, {}, {}}});
}

const TemporaryDirectory& directory() {
  static const TemporaryDirectory instance;
  return instance;
}

std::string fresh_path() {
  static int runs = 0;
  return directory().file("run" + std::to_string(runs++));
}

}  // namespace

TEST_CASE("times of jobs: wait counts all time pending, first-start wait only the first") {
  RecordedRun run(fresh_path(), one_node(),
                  workload_of({job("a", 10, 4), job("b", 20, 4), job("c", 30, 1)}));
  run.submitted(10, 0);
  run.started(10, 0, {share(0, 4, 0b1111)});
  run.submitted(20, 1);
  run.preempted(25, 0, find_reason("shorter_remaining"), 1);
  run.started(25, 1, {share(0, 4, 0b1111)});
  run.submitted(30, 2);
  run.finished(50, 1);
  run.resumed(50, 0, {share(0, 4, 0b1111)}, 7);
  run.finished(142, 0);
  run.started(142, 2, {share(0, 1, 0b1)});
  run.finished(162, 2);
  const RunTotals s = run.finish(162);

  // a: 10 -> 142, waits 25..50; b: 20 -> 50, waits 20..25; c: 30 -> 162, waits 30..142.
  REQUIRE(s.jct.finished.has_value());
  CHECK(s.jct.finished->mean == doctest::Approx((132.0 + 30 + 132) / 3));
  CHECK(s.jct.finished->p50 == 132);
  CHECK(s.wait.finished->mean == doctest::Approx((25.0 + 5 + 112) / 3));
  CHECK(s.wait.finished->p50 == 25);
  CHECK(s.first_start_wait.finished->mean == doctest::Approx((0.0 + 5 + 112) / 3));
  CHECK(s.first_start_wait.finished->p50 == 5);
  CHECK(s.jct.exhaustion == s.jct.finished);
  CHECK(s.makespan_seconds == 152);
  CHECK(s.restarts == 1);
  CHECK(s.restart_gpu_seconds == 28);
  CHECK(s.jobs == JobCounts{3, 3, 0, 0, 0});
  // Held: a 4 GPUs 15 + 92 s, b 4 GPUs 25 s, c 1 GPU 20 s; available: 4 GPUs 152 s.
  CHECK(s.gpu_utilization.value() == doctest::Approx((4 * 107 + 4 * 25 + 20) / (4 * 152.0)));
  CHECK_FALSE(s.cluster_throughput.has_value());
}

TEST_CASE("waits add up over several preemptions") {
  RecordedRun run(fresh_path(), one_node(), workload_of({job("a", 0)}));
  run.submitted(0, 0);
  run.started(10, 0, {share(0, 1, 1)});
  run.preempted(20, 0, Reason::none, -1);
  run.resumed(25, 0, {share(0, 1, 1)}, 0);
  run.preempted(30, 0, Reason::none, -1);
  run.resumed(33, 0, {share(0, 1, 1)}, 0);
  run.finished(40, 0);
  const RunTotals s = run.finish(40);
  CHECK(s.wait.finished->mean == 10 + 5 + 3);
  CHECK(s.first_start_wait.finished->mean == 10);
}

TEST_CASE("the window begins with the first job that is not given up before it runs") {
  for (const double dropped_at : {15.0, 50.0, 109.0}) {
    INFO(dropped_at);
    RecordedRun run(fresh_path(), one_node(),
                    workload_of({job("a", 0, 4), job("b", 10, 4), job("c", 20, 4)}));
    run.submitted(0, 0);
    run.submitted(10, 1);
    if (dropped_at < 20) run.dropped(dropped_at, 0);
    run.submitted(20, 2);
    run.started(20, 2, {share(0, 2, 0b11)});
    if (dropped_at > 20) run.dropped(dropped_at, 0);
    run.finished(110, 2);
    run.started(110, 1, {share(0, 4, 0b1111)});
    run.finished(130, 1);
    const RunTotals s = run.finish(130);
    CHECK(s.makespan_seconds == 120);
    CHECK(s.gpu_utilization.value() == doctest::Approx((2 * 90 + 4 * 20) / (4 * 120.0)));
  }
}

TEST_CASE("a horizon leaves jobs unfinished, and exhaustion absent") {
  RecordedRun run(
      fresh_path(), one_node(),
      workload_of({job("a", 0, 4), job("b", 0, 4), job("later", 1000), job("c", 5, 4)}));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.started(0, 0, {share(0, 4, 0b1111)});
  run.submitted(5, 3);
  run.finished(40, 0);
  run.started(40, 1, {share(0, 4, 0b1111)});
  const RunTotals s = run.finish(60, true);
  CHECK(s.jobs == JobCounts{3, 1, 0, 0, 2});
  CHECK(s.jct.finished->mean == 40);
  CHECK_FALSE(s.jct.exhaustion.has_value());
  CHECK_FALSE(s.wait.exhaustion.has_value());
  CHECK(s.makespan_seconds == 40);
  CHECK(s.gpu_utilization == 1);  // up to the horizon, not to the last finish
}

TEST_CASE("a job that can never run leaves exhaustion absent without a horizon, too") {
  RecordedRun run(fresh_path(), one_node(), workload_of({job("a", 0), job("stuck", 0, 4)}));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.started(0, 0, {share(0, 1, 1)});
  run.finished(100, 0);
  const RunTotals s = run.finish(100);
  CHECK(s.jobs.unfinished == 1);
  CHECK(s.jct.finished.has_value());
  CHECK_FALSE(s.jct.exhaustion.has_value());
}

TEST_CASE("rejected and failed jobs are counted and are in no mean") {
  RecordedRun run(fresh_path(), one_node(),
                  workload_of({job("big", 0, 64), job("a", 10), job("doomed", 10)}));
  run.rejected(0, 0);
  run.submitted(10, 1);
  run.submitted(10, 2);
  run.started(10, 1, {share(0, 1, 0b1)});
  run.started(10, 2, {share(0, 1, 0b10)});
  run.finished(30, 1);
  run.node_failed(50, 0);
  run.failed(50, 2, 0, 40);
  const RunTotals s = run.finish(50);
  CHECK(s.jobs == JobCounts{3, 1, 1, 1, 0});
  CHECK(s.jct.finished->mean == 20);
  CHECK(s.jct.exhaustion == s.jct.finished);
  CHECK(s.lost_work_gpu_seconds == 40);
  // The first submit is that of a job which entered the queue; the failed job ends the window.
  CHECK(s.makespan_seconds == 20);
  CHECK(s.gpu_utilization.value() == doctest::Approx((20 + 40) / (4 * 40.0)));
}

TEST_CASE("GPUs of failed nodes are not available, and lost work is counted in GPU time") {
  RecordedRun run(fresh_path(), inventory_of({{2, "v100-32g", 4, 0, 0, {}, {}}}),
                  workload_of({job("a", 0, 8)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 4, 0b1111), share(1, 4, 0b1111)});
  run.node_failed(50, 1);
  run.interrupted(50, 0, 1, 20);
  run.node_repaired(80, 1);
  run.resumed(80, 0, {share(0, 4, 0b1111), share(1, 4, 0b1111)}, 30);
  run.finished(180, 0);
  const RunTotals s = run.finish(180);
  CHECK(s.gpu_utilization.value() ==
        doctest::Approx((8 * 50 + 8 * 100) / (8.0 * 50 + 4 * 30 + 8 * 100)));
  CHECK(s.lost_work_gpu_seconds == 160);
  CHECK(s.restart_gpu_seconds == 240);
  CHECK(s.wait.finished->mean == 30);
  CHECK(s.first_start_wait.finished->mean == 0);
}

TEST_CASE("shares of a GPU count as such") {
  auto half = job("half", 0);
  half.gpu_milli = 500;
  auto quarter = job("quarter", 0);
  quarter.gpu_milli = 250;
  RecordedRun run(fresh_path(), inventory_of({{1, "t4", 1, 0, 0, {}, {}}}),
                  workload_of({half, quarter}));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.started(0, 0, {share(0, 1, 1, 500)});
  run.started(0, 1, {share(0, 1, 1, 250)});
  run.finished(60, 1);
  run.finished(100, 0);
  const RunTotals s = run.finish(100);
  CHECK(s.gpu_utilization.value() == doctest::Approx((50 + 15) / 100.0));
}

TEST_CASE("throughput counts running jobs whose work advances, at their speed") {
  RecordedRun run(fresh_path(), one_node(),
                  workload_of({job("a", 0, 2, 30), job("b", 0, 2, 50), job("plain", 0)}));
  for (std::size_t j = 0; j < 3; ++j) run.submitted(0, j);
  run.started(0, 0, {share(0, 2, 0b0011)});
  run.started(0, 1, {share(0, 1, 0b0100)});
  run.preempted(10, 1, find_reason("less_service"), 0);
  run.resumed(20, 1, {share(0, 2, 0b1100)}, 5);        // 50 from 25 s on
  run.changed(40, 0, {share(0, 1, 0b0001)}, 10, 0.5);  // 15 from 50 s on
  run.finished(60, 1);
  run.finished(100, 0);
  run.started(100, 2, {share(0, 1, 1)});
  run.finished(110, 2);
  const RunTotals s = run.finish(110);
  REQUIRE(s.cluster_throughput.has_value());
  const double samples = 30 * 40 + 15 * 50 + 50 * 10 + 50 * 35;
  CHECK(s.cluster_throughput->mean == doctest::Approx(samples / 110));
  CHECK(s.cluster_throughput->peak == 80);
  CHECK(s.restart_gpu_seconds == 5 * 2 + 10 * 1);
  CHECK(s.restarts == 2);
}

TEST_CASE("state that travels over a shared fabric counts as restart, also when never told") {
  constexpr double kUnknown = std::numeric_limits<double>::infinity();
  RecordedRun run(fresh_path(), one_node(), workload_of({job("a", 0, 2, 10), job("b", 0, 1, 20)}));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.started(0, 0, {share(0, 2, 0b0011)});
  run.started(0, 1, {share(0, 1, 0b0100)});
  run.preempted(10, 0, Reason::none, -1);
  run.preempted(10, 1, Reason::none, -1);
  run.resumed(10, 0, {share(0, 2, 0b0011)}, kUnknown);
  run.resumed(10, 1, {share(0, 1, 0b0100)}, kUnknown);
  run.preempted(14, 1, Reason::none, -1);  // while its state was on its way
  run.migrated(18, 0, 11);                 // 8 s for the state, 3 s more to restart
  run.finished(31, 0);
  const RunTotals s = run.finish(31);
  CHECK(s.restart_gpu_seconds == 11 * 2 + 4 * 1);
  CHECK(s.cluster_throughput->mean == doctest::Approx((10 * 10 + 20 * 10 + 10 * 10) / 31.0));
}

TEST_CASE("a restart that a preemption cuts short counts as far as it came") {
  RecordedRun run(fresh_path(), one_node(), workload_of({job("a", 0, 2, 10)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 2, 0b11)});
  run.preempted(10, 0, Reason::none, -1);
  run.resumed(10, 0, {share(0, 2, 0b11)}, 30);
  run.preempted(20, 0, Reason::none, -1);
  run.resumed(50, 0, {share(0, 2, 0b11)}, 30);
  run.finished(100, 0);
  const RunTotals s = run.finish(100);
  CHECK(s.restart_gpu_seconds == 2 * 10 + 2 * 30);
  CHECK(s.cluster_throughput->mean == doctest::Approx(10 * (10 + 20) / 100.0));
}

TEST_CASE("nothing submitted, nothing measured") {
  RecordedRun run(fresh_path(), one_node(), workload_of({job("late", 100)}));
  const RunTotals s = run.finish(50, true);
  CHECK(s.jobs == JobCounts{});
  CHECK_FALSE(s.jct.finished.has_value());
  CHECK_FALSE(s.makespan_seconds.has_value());
  CHECK_FALSE(s.gpu_utilization.has_value());
}

TEST_CASE("starts, resumes and changes are counted by what their speed rests on") {
  RecordedRun plain(fresh_path(), one_node(), workload_of({job("a", 0, 4)}));
  plain.submitted(0, 0);
  plain.started(0, 0, {share(0, 4, 0b1111)});
  plain.finished(10, 0);
  CHECK_FALSE(plain.finish(10).throughput.has_value());

  const std::string path = fresh_path();
  RecordedRun run(path, one_node(), workload_of({job("a", 0, 4), job("b", 0, 2)}));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.rest_on(models::ThroughputOrigin::measured);
  run.started(0, 0, {share(0, 4, 0b1111)});
  run.rest_on(models::ThroughputOrigin::derived);
  run.changed(5, 0, {share(0, 2, 0b0011)}, 1);
  run.rest_on(models::ThroughputOrigin::estimated);
  run.started(5, 1, {share(0, 2, 0b1100)});
  run.preempted(6, 1, find_reason("less_service"), 0);
  run.resumed(7, 1, {share(0, 2, 0b1100)}, 1);
  run.finished(10, 0);
  run.finished(12, 1);
  const RunTotals s = run.finish(12);
  CHECK(s.throughput == ThroughputOrigins{1, 1, 2});
  CHECK(report::to_text(report::read_run(path), path)
            .find("starts at a speed      1 measured, 1 derived, 2 estimated") !=
        std::string::npos);
}

TEST_CASE("makespan and utilization begin with the first job that was not given up") {
  RecordedRun run(fresh_path(), one_node(),
                  workload_of({job("hopeless", 10, 4), job("a", 110, 4)}));
  run.submitted(10, 0);
  run.dropped(10, 0);
  run.submitted(110, 1);
  run.started(110, 1, {share(0, 4, 0b1111)});
  run.finished(130, 1);
  const RunTotals s = run.finish(130);
  CHECK(s.jobs == JobCounts{2, 1, 1, 0, 0});
  CHECK(s.makespan_seconds == 20);
  CHECK(s.gpu_utilization == 1);
}
