// Schedules small enough to be worked out on paper, each with every start time.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/sim/worlds/training/scenario.hpp"

using orrery::test::Outcome;
using orrery::test::Scenario;
using orrery::test::simulate;
using Starts = std::vector<double>;

namespace {

/// One 8-GPU node and the three jobs of the project's first example.
Scenario three_jobs() {
  return Scenario().node_group(1, 8).job(0, 4, 10).job(0, 8, 10).job(1, 4, 5);
}

Starts starts_of(Scenario scenario, const std::string& policy, const std::string& options) {
  return simulate(scenario.with(policy, options)).start;
}

}  // namespace

TEST_CASE("FIFO: a job that does not fit blocks the queue, or is skipped") {
  CHECK(starts_of(three_jobs(), "fifo", "{queue: blocking}") == Starts{0, 10, 20});
  CHECK(starts_of(three_jobs(), "fifo", "{queue: skipping}") == Starts{0, 10, 1});
}

TEST_CASE("a departure at the instant of an arrival frees its GPUs first") {
  const auto scenario = Scenario().node_group(1, 8).job(0, 8, 10).job(10, 8, 5);
  CHECK(starts_of(scenario, "fifo", "{}") == Starts{0, 10});
}

TEST_CASE("FIFO serves in file order, also where the file is not sorted by time") {
  const auto scenario = Scenario().node_group(1, 8).job(5, 8, 10).job(0, 8, 6).job(5, 8, 1);
  CHECK(starts_of(scenario, "fifo", "{}") == Starts{6, 0, 16});
}

TEST_CASE("SJF takes the shortest that waits, file order on ties, and never preempts") {
  const auto scenario =
      Scenario().node_group(1, 8).job(0, 8, 100).job(1, 8, 30).job(2, 8, 10).job(3, 8, 10);
  CHECK(starts_of(scenario, "sjf", "{}") == Starts{0, 120, 100, 110});
}

TEST_CASE("SJF blocking waits for the shortest, skipping goes on behind it") {
  const auto scenario = Scenario().node_group(1, 8).job(0, 4, 100).job(1, 8, 5).job(1, 4, 50);
  CHECK(starts_of(scenario, "sjf", "{queue: blocking}") == Starts{0, 100, 105});
  CHECK(starts_of(scenario, "sjf", "{queue: skipping}") == Starts{0, 100, 1});
}

TEST_CASE("SRTF preempts the job with more work left and resumes it with its progress") {
  const auto scenario = Scenario().node_group(1, 8).job(0, 8, 100).job(10, 8, 20);
  const Outcome outcome = simulate(Scenario(scenario).with("srtf"));
  CHECK(outcome.start == Starts{0, 10});
  CHECK(outcome.finish == Starts{120, 30});
  CHECK(outcome.counts.restarts == 1);
}

TEST_CASE("SRTF leaves a job running when the newcomer has exactly as much left") {
  const auto scenario = Scenario().node_group(1, 8).job(0, 8, 100).job(60, 8, 40);
  const Outcome outcome = simulate(Scenario(scenario).with("srtf"));
  CHECK(outcome.finish == Starts{100, 140});
  CHECK(outcome.counts.restarts == 0);
}

TEST_CASE("SRTF blocking stops the walk at the first job over quota and preempts all behind it") {
  // At 1 s: B (8 GPUs, 5 s) is first, then C (8, 6 s) does not fit, so A (4, 99 s) is not reached.
  const auto scenario = Scenario().node_group(1, 12).job(0, 4, 100).job(1, 8, 5).job(1, 8, 6);
  const Outcome blocking = simulate(Scenario(scenario).with("srtf", "{queue: blocking}"));
  CHECK(blocking.start == Starts{0, 1, 6});
  CHECK(blocking.finish == Starts{105, 6, 12});
  const Outcome skipping = simulate(Scenario(scenario).with("srtf", "{queue: skipping}"));
  CHECK(skipping.finish == Starts{100, 6, 12});
}

TEST_CASE(
    "consolidated packs: the fewest sufficient free GPUs, and first_fit takes the lowest index") {
  // Node 0 keeps 4 free, node 1 keeps 2 free.
  const auto scenario = Scenario()
                            .node_group(2, 8)
                            .job(0, 4, 100)   // node 0
                            .job(0, 6, 100)   // node 1
                            .job(1, 2, 100)   // packed: node 1; first fit: node 0
                            .job(2, 4, 100);  // packed: node 0 at once; first fit: must wait
  CHECK(starts_of(scenario, "fifo", "{placement: consolidated}") == Starts{0, 0, 1, 2});
  CHECK(starts_of(scenario, "fifo", "{placement: first_fit}") == Starts{0, 0, 1, 100});
  CHECK(starts_of(scenario, "fifo", "{placement: pooled}") == Starts{0, 0, 1, 2});
  CHECK(starts_of(scenario, "fifo", "{placement: best_fit}") == Starts{0, 0, 1, 2});
}

TEST_CASE("a job larger than a node needs whole nodes and one node for the remainder") {
  // 20 GPUs on nodes of 8: two whole nodes and 4 on a third.
  const auto scenario = Scenario()
                            .node_group(3, 8)
                            .job(0, 2, 50)     // node 0: 6 free
                            .job(1, 20, 10)    // nodes 1 and 2 whole, 4 on node 0
                            .job(2, 8, 10)     // no node is whole until 11
                            .job(20, 24, 10);  // all nodes whole from 50 on
  const Outcome outcome = simulate(Scenario(scenario).with("fifo"));
  CHECK(outcome.start == Starts{0, 1, 11, 50});
  // Where it really went, in the order of choosing.
  for (const auto& event : outcome.events) {
    if (event.kind != orrery::training::ClusterEvent::Kind::started || event.job != 1) continue;
    REQUIRE(event.placement.size() == 3);
    CHECK(event.placement[0].node.index() == 1);
    CHECK(event.placement[1].node.index() == 2);
    CHECK(event.placement[2].node.index() == 0);
    CHECK(event.placement[2].gpus == 4);
  }
}

TEST_CASE("fragments: enough free GPUs in all make a packed job wait, not a pooled or spread one") {
  const auto scenario =
      Scenario().node_group(2, 8).job(0, 5, 100).job(0, 5, 100).job(1, 6, 10);  // 3 + 3 free
  CHECK(starts_of(scenario, "fifo", "{placement: consolidated}") == Starts{0, 0, 100});
  CHECK(starts_of(scenario, "fifo", "{placement: pooled}") == Starts{0, 0, 1});
  CHECK(starts_of(scenario, "fifo", "{placement: best_fit}") == Starts{0, 0, 1});
}

TEST_CASE("worst_fit scatters over the emptiest nodes and takes no more of them than it must") {
  const auto scenario = Scenario()
                            .node_group(3, 4)
                            .job(0, 1, 100)  // node 0
                            .job(1, 1, 100)  // node 1, as empty as node 2 and before it
                            .job(2, 2, 100)  // node 2
                            .job(3, 2, 100)  // node 0: 3 free there as on node 1
                            .job(4, 3, 50)   // node 1
                            .job(5, 8, 10);  // node 1 is whole at 101, node 2 at 102
  const Outcome outcome =
      simulate(Scenario(scenario).with("fifo", "{queue: skipping, placement: worst_fit}"));
  CHECK(outcome.start == Starts{0, 1, 2, 3, 4, 102});
  std::vector<std::size_t> nodes;
  for (const auto& event : outcome.events)
    if (event.kind == orrery::training::ClusterEvent::Kind::started)
      for (const auto& share : event.placement) nodes.push_back(share.node.index());
  CHECK(nodes == std::vector<std::size_t>{0, 1, 2, 0, 1, 1, 2});
}

TEST_CASE("SRTF: a pick that fragments keep out stays pending until it can be placed") {
  // At 1 s all three are picked by quota (6 + 5 + 5 of 16), so nobody is preempted, and C finds
  // 3 + 3 free GPUs only.
  const auto scenario = Scenario().node_group(2, 8).job(0, 5, 80).job(0, 5, 90).job(1, 6, 10);
  const Outcome outcome = simulate(Scenario(scenario).with("srtf", "{queue: skipping}"));
  CHECK(outcome.start == Starts{0, 0, 80});
  CHECK(outcome.finish == Starts{80, 90, 90});
  // With 3 + 3 + 4 free on three nodes and quota enough for all, C is picked but has no place.
  const auto roomy =
      Scenario().node_group(3, 8).job(0, 5, 80).job(0, 5, 90).job(0, 4, 50).job(1, 6, 10);
  CHECK(starts_of(roomy, "srtf", "{queue: skipping}") == Starts{0, 0, 0, 50});
}

TEST_CASE("blocking_per_type: a blocked type does not hold up another") {
  const auto scenario = Scenario()
                            .node_group(1, 8, "a100-40g")
                            .node_group(1, 8, "v100-32g")
                            .job(0, 8, 10, "a100-40g")
                            .job(1, 8, 10, "a100-40g")
                            .job(2, 8, 10, "v100-32g")
                            .job(3, 4, 10, "a100-40g");
  CHECK(starts_of(scenario, "fifo", "{queue: blocking}") == Starts{0, 10, 10, 20});
  CHECK(starts_of(scenario, "fifo", "{queue: blocking_per_type}") == Starts{0, 10, 2, 20});
}

TEST_CASE("blocking_per_type under SRTF: a type whose turn is not met stops, the other goes on") {
  // At 2 s on the A100s: B (6 GPUs, 5 s) is picked, C (4, 6 s) is not, and so A (1 GPU, 98 s left)
  // is not either, though it would fit. The V100s go on.
  const auto scenario = Scenario()
                            .node_group(1, 8, "a100-40g")
                            .node_group(1, 8, "v100-32g")
                            .job(0, 1, 100, "a100-40g")
                            .job(2, 6, 5, "a100-40g")
                            .job(2, 4, 6, "a100-40g")
                            .job(2, 8, 50, "v100-32g");
  const Outcome outcome = simulate(Scenario(scenario).with("srtf", "{queue: blocking_per_type}"));
  CHECK(outcome.start == Starts{0, 2, 7, 2});
  CHECK(outcome.finish == Starts{105, 7, 13, 52});
  CHECK(simulate(Scenario(scenario).with("srtf", "{queue: skipping}")).finish ==
        Starts{100, 7, 13, 52});
}

TEST_CASE("EASY backfills what does not delay the head, in time or in space") {
  const auto scenario = Scenario()
                            .node_group(1, 8)
                            .job(0, 4, 10)    // runs
                            .job(1, 8, 10)    // head: reserved at 10
                            .job(2, 4, 8)     // ends at 10: backfilled
                            .job(2, 4, 9)     // no room left
                            .job(3, 2, 100);  // no room left
  CHECK(starts_of(scenario, "easy", "{}") == Starts{0, 10, 2, 20, 20});
  CHECK(starts_of(scenario, "fifo", "{queue: blocking}") == Starts{0, 10, 20, 20, 28});
  // A long job may use GPUs the head will not need: head takes 4 of 8 at 10 s.
  const auto spare = Scenario().node_group(1, 8).job(0, 6, 10).job(1, 4, 10).job(2, 2, 100);
  CHECK(starts_of(spare, "easy", "{}") == Starts{0, 10, 2});
}

TEST_CASE("LAS: a newcomer preempts who has had more than the limit, until it falls too") {
  // Limit 80 GPU-seconds on 8 GPUs: a job falls to the second queue after 10 s.
  const auto scenario = Scenario().node_group(1, 8).job(0, 8, 30).job(5, 8, 12).job(6, 8, 4);
  const Outcome outcome = simulate(Scenario(scenario).with("las", "{limits_gpu_seconds: [80]}"));
  // A runs to 10, B from 10 to 20 (falls with 2 s left), C from 20 to 24, then A (file order).
  CHECK(outcome.start == Starts{0, 10, 20});
  CHECK(outcome.finish == Starts{44, 46, 24});
}

TEST_CASE("jobs of no duration finish at the instant they start") {
  const auto scenario = Scenario().node_group(1, 8).job(0, 8, 0).job(0, 8, 0).job(0, 8, 5);
  const Outcome outcome = simulate(Scenario(scenario).with("fifo"));
  CHECK(outcome.start == Starts{0, 0, 0});
  CHECK(outcome.finish == Starts{0, 0, 5});
}

TEST_CASE("virtual clusters, partitioned: nobody waits for another's queue") {
  auto scenario = Scenario()
                      .node_group(1, 8, "v100-32g", "red")
                      .node_group(1, 8, "v100-32g", "blue")
                      .job(0, 8, 100, "", "red")
                      .job(1, 8, 10, "", "red")
                      .job(2, 8, 10, "", "blue");
  CHECK(simulate(scenario.with("fifo")).start == Starts{0, 1, 11});
  scenario.config.virtual_clusters = orrery::training::VirtualClusters::partition;
  CHECK(simulate(scenario).start == Starts{0, 100, 2});
}

TEST_CASE("virtual clusters, partitioned: those of one list share one queue and its nodes") {
  auto scenario = Scenario()
                      .node_group(1, 8)
                      .node_group(1, 8, "v100-32g", "short")
                      .job(0, 8, 100, "", "red")
                      .job(1, 8, 10, "", "blue")
                      .job(2, 8, 10, "", "short");
  scenario.nodes[0].virtual_clusters = {"red", "blue"};
  scenario.config.virtual_clusters = orrery::training::VirtualClusters::partition;
  CHECK(simulate(scenario.with("fifo")).start == Starts{0, 100, 2});
  scenario.nodes[1].virtual_clusters = {"blue", "red"};
  scenario.workload.jobs[2].virtual_cluster = scenario.workload.jobs[0].virtual_cluster;
  CHECK(simulate(scenario).start == Starts{0, 1, 11});
}

TEST_CASE("a job that waits for another's end is submitted then") {
  auto scenario = Scenario()
                      .node_group(1, 8)
                      .job(0, 4, 10)
                      .job(5, 4, 10)   // after the first, 3 s later
                      .job(6, 8, 20)   // before it then
                      .job(40, 4, 5)   // after the first, long ended
                      .job(7, 99, 5)   // too large: rejected, which ends it
                      .job(8, 4, 5)    // after that one
                      .job(10, 4, 1);  // after the first, which ends as this one is due
  auto& names = scenario.workload.names;
  const auto hold = [&](const char* job, const char* after, double think) {
    scenario.workload.successions.push_back({names.intern(job), names.intern(after), think});
  };
  hold("j1", "j0", 3);
  hold("j3", "j0", 3);
  hold("j5", "j4", 0);
  hold("j6", "j0", 0);
  hold("j0", "not there", 0);
  scenario.config.on_oversized_job = orrery::training::OversizedJob::reject;
  // j2 takes all 8 from 10 to 30; FIFO has j5 (8 s) before j1 (13 s) in its queue.
  const Outcome outcome = simulate(scenario.with("fifo"));
  CHECK(outcome.start == Starts{0, 31, 10, 40, -1, 30, 30});
  CHECK(outcome.status[1].submitted_seconds == 13);
  CHECK(outcome.status[3].submitted_seconds == 40);
  CHECK(outcome.status[5].submitted_seconds == 8);
  CHECK(outcome.counts.submitted == 7);
  // Only those whose own time came while another held them.
  std::vector<std::pair<std::size_t, std::size_t>> held;
  for (const auto& event : outcome.events)
    if (event.kind == orrery::training::ClusterEvent::Kind::held_back)
      held.emplace_back(event.job, event.because_of.index());
  CHECK(held == std::vector<std::pair<std::size_t, std::size_t>>{{1, 0}});
}

TEST_CASE("a job behind another is told so, also where it would fit itself") {
  struct Case {
    const char* policy;
    const char* options;
  };
  // Two of 8 GPUs are free; the job of 4 is first, the one of 1 comes behind it.
  for (const Case& each :
       {Case{"fifo", "{queue: blocking}"}, Case{"fifo", "{queue: blocking_per_type}"},
        Case{"sjf", "{queue: blocking}"}, Case{"srtf", "{queue: blocking}"},
        Case{"srtf", "{queue: blocking_per_type}"}}) {
    INFO(each.policy, " ", each.options);
    const auto scenario = Scenario().node_group(1, 8).job(0, 6, 50).job(1, 4, 100).job(2, 1, 200);
    const Outcome outcome = simulate(Scenario(scenario).with(each.policy, each.options));
    const auto wait = std::ranges::find_if(outcome.events, [](const auto& event) {
      return event.kind == orrery::training::ClusterEvent::Kind::waits && event.job == 2;
    });
    REQUIRE(wait != outcome.events.end());
    CHECK(wait->reason == orrery::training::Reason::behind);
    CHECK(wait->because_of.index() == 1);
  }
}

TEST_CASE("fractions of a GPU share one GPU up to the whole of it") {
  const auto scenario = Scenario()
                            .node_group(1, 2)
                            .job(0, 1, 10, "", "", 600)
                            .job(0, 1, 10, "", "", 400)   // joins the first GPU
                            .job(0, 1, 10, "", "", 1000)  // the second GPU
                            .job(1, 1, 10, "", "", 100);  // nothing left
  CHECK(starts_of(scenario, "fifo", "{}") == Starts{0, 0, 0, 10});
}

TEST_CASE("rounds: decisions are made at whole multiples only") {
  auto scenario = Scenario().node_group(1, 8).job(1, 8, 10).job(2, 8, 10);
  scenario.config.round_seconds = 5;
  CHECK(simulate(scenario.with("fifo")).start == Starts{5, 15});
}
