// The words of `orrery explain`, against events written by hand.
#include <doctest/doctest.h>

#include "models/base/error.hpp"
#include "recorded_run.hpp"
#include "sim/worlds/training/story/explain.hpp"

using namespace orrery;
using namespace orrery::training;
using namespace orrery::training::testing;

namespace {

constexpr std::uint64_t kAll = 0b11111111;

}  // namespace

TEST_CASE("waiting behind a blocked job, starting, finishing") {
  const TemporaryDirectory directory;
  RecordedRun run(
      directory.file("run"), inventory_of({{2, "v100-32g", 8, 0, 0, {}, {}}}),
      workload_of({job("11", 0, 7), job("12", 10, 16), job("17", 20, 8), job("18", 30, 1)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 7, 0b1111111)});
  run.submitted(10, 1);
  run.waits(10, 1, Reason::not_enough_gpus);
  run.submitted(20, 2);
  run.waits(20, 2, Reason::behind, 1);
  run.submitted(30, 3);
  run.waits(30, 3, Reason::behind, 1);
  run.finished(3630, 0);
  run.started(3630, 1, {share(0, 8, kAll), share(1, 8, kAll)});
  run.waits(3630, 2, Reason::not_enough_gpus);
  run.finished(10940, 1);
  run.started(10940, 2, {share(0, 8, kAll)});
  run.started(10940, 3, {share(1, 1, 1)}, Reason::skipped_ahead);
  run.finished(12000, 2);
  run.finish(20000, true);
  const std::string path = directory.file("run");

  CHECK(explain(path, "11") ==
        "Job 11 asked for 7 GPUs at 0 s (day 0 00:00:00).\n"
        "It started at once on node 0 (7 GPUs): its turn had come and it fitted.\n"
        "It finished at 3630 s (day 0 01:00:30), 1 h 1 min after it was submitted: 0 s waiting, "
        "1 h 1 min on GPUs.\n");
  CHECK(explain(path, "12") ==
        "Job 12 asked for 16 GPUs at 10 s (day 0 00:00:10).\n"
        "It waited 1 h: it needed 16 GPUs while 9 were free.\n"
        "It started at 3630 s (day 0 01:00:30) on node 0 (8 GPUs) and node 1 (8 GPUs): its turn "
        "had come and it fitted.\n"
        "It finished at 10940 s (day 0 03:02:20), 3 h 2 min after it was submitted: 1 h waiting, "
        "2 h 2 min on GPUs.\n");
  CHECK(explain(path, "17") ==
        "Job 17 asked for 8 GPUs at 20 s (day 0 00:00:20).\n"
        "It waited 3 h 2 min:\n"
        "  from 20 s (day 0 00:00:20): job 12 was ahead of it and needed 16 GPUs while 9 were "
        "free;\n"
        "  from 3630 s (day 0 01:00:30): it needed 8 GPUs while none was free.\n"
        "Meanwhile other jobs were started 1 time.\n"
        "It started at 10940 s (day 0 03:02:20) on node 0 (8 GPUs): its turn had come and it "
        "fitted.\n"
        "It finished at 12000 s (day 0 03:20:00), 3 h 20 min after it was submitted: 3 h 2 min "
        "waiting, 17 min 40 s on GPUs.\n");
  CHECK(explain(path, "18") ==
        "Job 18 asked for 1 GPU at 30 s (day 0 00:00:30).\n"
        "It waited 3 h 2 min:\n"
        "  from 30 s (day 0 00:00:30): job 12 was ahead of it and needed 16 GPUs while 9 were "
        "free;\n"
        "  from 3630 s (day 0 01:00:30): job 17 was ahead of it and needed 8 GPUs while none was "
        "free.\n"
        "Meanwhile other jobs were started 2 times.\n"
        "It started at 10940 s (day 0 03:02:20) on node 1 (1 GPU): it fitted where jobs ahead of "
        "it did not.\n"
        "It was still running when the simulation ended.\n");
}

TEST_CASE("the blocker's reason is the last one before, or the first at the same instant") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "v100-32g", 8, 0, 0, {}, {}}}),
                  workload_of({job("head", 0, 8), job("early", 0, 1), job("late", 5, 1)}));
  run.submitted(0, 0);
  run.submitted(0, 1);
  run.waits(0, 1, Reason::behind, 0);
  run.waits(0, 0, Reason::fragmented);
  run.waits(0, 0, find_reason("reserved"), -1, 60);
  run.submitted(5, 2);
  run.waits(5, 2, Reason::behind, 0);
  run.finish(10, true);
  const std::string path = directory.file("run");
  CHECK(explain(path, "early").find(": that job needed 8 GPUs, and 8 were free, but not where") !=
        std::string::npos);
  CHECK(explain(path, "late").find(": that job had its start reserved at 60 s") !=
        std::string::npos);
}

TEST_CASE("preemption, failure, move, giving up") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{3, "v100-32g", 8, 0, 0, {}, {}}}),
                  workload_of({job("a", 0, 8), job("b", 50, 4), job("big", 60, 99),
                               job("later", 9000), job("half", 70, 1)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 8, kAll)});
  run.submitted(50, 1);
  run.preempted(50, 0, find_reason("shorter_remaining"), 1);
  run.started(50, 1, {share(0, 4, 0b1111)});
  run.waits(50, 0, Reason::fragmented);
  run.rejected(60, 2);
  run.submitted(70, 4);
  run.waits(70, 4, find_reason("reserved"), -1, 500);
  run.resumed(80, 0, {share(1, 8, kAll)}, 30);
  run.changed(200, 0, {share(2, 8, kAll)}, 5);
  run.node_failed(300, 2);
  run.interrupted(300, 0, 2, 60);
  run.resumed(310, 0, {share(1, 8, kAll)}, 30);
  run.node_failed(400, 1);
  run.failed(400, 0, 1, 0);
  run.finish(450, true);
  const std::string path = directory.file("run");

  CHECK(explain(path, "a") ==
        "Job a asked for 8 GPUs at 0 s (day 0 00:00:00).\n"
        "It started at once on node 0 (8 GPUs): its turn had come and it fitted.\n"
        "At 50 s (day 0 00:00:50), after 50 s on node 0 (8 GPUs), it was preempted: job b had "
        "less work left.\n"
        "It waited 30 s: it needed 8 GPUs, and 20 were free, but not where its placement needs "
        "them.\n"
        "Meanwhile other jobs were started 1 time.\n"
        "It resumed at 80 s (day 0 00:01:20) on node 1 (8 GPUs): its turn had come and it fitted; "
        "restarting took 30 s.\n"
        "At 200 s (day 0 00:03:20) it moved from node 1 (8 GPUs) to node 2 (8 GPUs): it runs "
        "faster there; moving took 5 s.\n"
        "At 300 s (day 0 00:05:00), after 1 min 40 s on node 2 (8 GPUs), node 2 failed and 1 min "
        "of its work was lost.\n"
        "It waited 10 s.\n"
        "It resumed at 310 s (day 0 00:05:10) on node 1 (8 GPUs): its turn had come and it "
        "fitted; restarting took 30 s.\n"
        "At 400 s (day 0 00:06:40), after 1 min 30 s on node 1 (8 GPUs), node 1 failed and none "
        "of its work was lost; that was one failure more than its retries allow, so it was given "
        "up.\n");
  CHECK(explain(path, "big") ==
        "Job big asked for 99 GPUs at 60 s (day 0 00:01:00).\n"
        "It was rejected: it asks for what this cluster and its policy can never give it.\n");
  CHECK(explain(path, "later") ==
        "Job later was to ask for 1 GPU at 9000 s (day 0 02:30:00); the simulation ended "
        "before.\n");
  CHECK(explain(path, "half") ==
        "Job half asked for 1 GPU at 70 s (day 0 00:01:10).\n"
        "It was still waiting when the simulation ended:\n"
        "  from 70 s (day 0 00:01:10): it was first in the queue, its start reserved at 500 s "
        "(day 0 00:08:20).\n");
}

TEST_CASE("shrinking, growing, running before its turn and giving way") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{3, "v100-32g", 8, 0, 0, {}, {}}}),
                  workload_of({job("big", 0, 8), job("blocker", 10, 16), job("small", 20, 4)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 8, kAll)});
  run.submitted(10, 1);
  run.waits(10, 1, Reason::fragmented);
  run.submitted(20, 2);
  run.started(20, 2, {share(1, 4, 0b1111)}, find_reason("opportunistic"), 1);
  run.changed(30, 0, {share(2, 4, 0b1111)}, 20, 0.5);
  run.preempted(40, 2, find_reason("suspended"), 1);
  run.started(40, 1, {share(0, 8, kAll), share(1, 8, kAll)});
  run.changed(50, 0, {share(2, 8, kAll)}, 0);
  run.finish(60, true);
  const std::string path = directory.file("run");
  CHECK(explain(path, "big") ==
        "Job big asked for 8 GPUs at 0 s (day 0 00:00:00).\n"
        "It started at once on node 0 (8 GPUs): its turn had come and it fitted.\n"
        "At 30 s (day 0 00:00:30) it shrank from 8 to 4 GPUs, going from node 0 (8 GPUs) to node 2 "
        "(4 GPUs): it runs faster there; that took 20 s.\n"
        "At 50 s (day 0 00:00:50) it grew from 4 to 8 GPUs, going from node 2 (4 GPUs) to node 2 "
        "(8 GPUs): it runs faster there.\n"
        "It was still running when the simulation ended.\n");
  CHECK(explain(path, "small") ==
        "Job small asked for 4 GPUs at 20 s (day 0 00:00:20).\n"
        "It started at once on node 1 (4 GPUs): it fitted while job blocker before it did not; it "
        "gives way when that one fits.\n"
        "At 40 s (day 0 00:00:40), after 20 s on node 1 (4 GPUs), it was preempted: it ran before "
        "its turn, and job blocker, which is before it, fits now.\n"
        "It was still waiting when the simulation ended.\n");
}

TEST_CASE("other GPU types, and starts with other counts than asked for") {
  const TemporaryDirectory directory;
  RecordedRun run(
      directory.file("run"),
      inventory_of({{2, "v100-32g", 8, 0, 0, {}, {}}, {2, "a100-40g", 4, 0, 0, {}, {}}}),
      workload_of({job("roams", 0, 8), job("late", 5, 1)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(2, 4, 0b1111)}, Reason::made_room, 1);
  run.changed(30, 0, {share(0, 8, kAll)}, 20, 0.5);
  run.changed(50, 0, {share(2, 4, 0b1111), share(3, 4, 0b1111)}, 10);
  run.changed(60, 0, {share(2, 4, 0b1111), share(1, 4, 0b1111)}, 0);
  run.finish(70, true);
  CHECK(explain(directory.file("run"), "roams") ==
        "Job roams asked for 8 GPUs at 0 s (day 0 00:00:00).\n"
        "It started at once with 4 GPUs instead of 8 on node 2 (4 GPUs): room was made for job "
        "late.\n"
        "At 30 s (day 0 00:00:30) it grew from 4 to 8 GPUs and moved from a100-40g to v100-32g, "
        "going from node 2 (4 GPUs) to node 0 (8 GPUs): it runs faster there; that took 20 s.\n"
        "At 50 s (day 0 00:00:50) it moved from v100-32g to a100-40g, going from node 0 (8 GPUs) "
        "to node 2 (4 GPUs) and node 3 (4 GPUs): it runs faster there; that took 10 s.\n"
        "At 60 s (day 0 00:01:00) it moved from node 2 (4 GPUs) and node 3 (4 GPUs) to node 2 (4 "
        "GPUs) and node 1 (4 GPUs): it runs faster there.\n"
        "It was still running when the simulation ended.\n");
}

TEST_CASE("a job that another held back is told by both times") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "v100-32g", 8, 0, 0, {}, {}}}),
                  workload_of({job("a", 0, 8), job("b", 10, 8), job("c", 20, 4)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 8, kAll)});
  run.held_back(10, 1, 0);
  run.held_back(20, 2, 1);
  run.finished(3600, 0);
  run.submitted(3600, 1);
  run.started(3600, 1, {share(0, 8, kAll)});
  run.finish(4000, true);
  const std::string path = directory.file("run");
  CHECK(explain(path, "b") ==
        "Job b was to ask for 8 GPUs at 10 s (day 0 00:00:10), and was held back after job a.\n"
        "Job b asked for 8 GPUs at 3600 s (day 0 01:00:00).\n"
        "It started at once on node 0 (8 GPUs): its turn had come and it fitted.\n"
        "It was still running when the simulation ended.\n");
  CHECK(explain(path, "c") ==
        "Job c was to ask for 4 GPUs at 20 s (day 0 00:00:20), and was held back until job b "
        "should have ended; the simulation ended before.\n");
}

TEST_CASE("a restart that was cut short is not told as paid") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "v100-32g", 8, 0, 0, {}, {}}}),
                  workload_of({job("a", 0, 8), job("b", 50, 8)}));
  run.submitted(0, 0);
  run.started(0, 0, {share(0, 8, kAll)});
  run.submitted(50, 1);
  run.preempted(50, 0, find_reason("shorter_remaining"), 1);
  run.started(50, 1, {share(0, 8, kAll)});
  run.finished(100, 1);
  run.resumed(100, 0, {share(0, 8, kAll)}, 600);
  run.preempted(300, 0, find_reason("shorter_remaining"), -1);
  run.resumed(400, 0, {share(0, 8, kAll)}, 600);
  run.changed(1000, 0, {share(0, 8, kAll)}, 60);
  run.finished(2000, 0);
  run.finish(2000);
  const std::string told = explain(directory.file("run"), "a");
  CHECK(told.find("It resumed at 100 s (day 0 00:01:40) on node 0 (8 GPUs): its turn had come and "
                  "it fitted; restarting was to take 10 min.\n") != std::string::npos);
  // Paid to the instant at which the job was moved.
  CHECK(told.find("It resumed at 400 s (day 0 00:06:40) on node 0 (8 GPUs): its turn had come and "
                  "it fitted; restarting took 10 min.\n") != std::string::npos);
  CHECK(told.find("moving took 1 min.\n") != std::string::npos);
}

TEST_CASE("what cannot be explained is an error") {
  const TemporaryDirectory directory;
  const auto error_of = [](const std::string& path, const std::string& id) -> std::string {
    try {
      explain(path, id);
    } catch (const base::Error& error) {
      return error.sentence();
    }
    return {};
  };
  CHECK(error_of(directory.path(), "1").find("found no jobs.csv") != std::string::npos);
  RecordOptions options;
  options.decisions = false;
  RecordedRun run(directory.file("run"), inventory_of({{1, "t4", 1, 0, 0, {}, {}}}),
                  workload_of({job("job_12", 0)}), options);
  run.finish(0, true);
  CHECK(error_of(directory.file("run"), "job_13") ==
        "no job is called 'job_13'; did you mean 'job_12'?");
  CHECK(error_of(directory.file("run"), "job_12").find("without decisions.csv") !=
        std::string::npos);
}

TEST_CASE("a job that came between two rounds waited for the next round") {
  const TemporaryDirectory directory;
  RecordedRun run(directory.file("run"), inventory_of({{1, "v100-32g", 8, 0, 0, {}, {}}}),
                  workload_of({job("a", 20, 8), job("b", 30, 8)}));
  run.submitted(20, 0);
  run.waits(20, 0, Reason::next_round, -1, 60);
  run.submitted(30, 1);
  run.waits(30, 1, Reason::next_round, -1, 60);
  run.started(60, 0, {share(0, 8, kAll)});
  run.waits(60, 1, Reason::behind, 0);
  run.finished(130, 0);
  run.started(180, 1, {share(0, 8, kAll)});
  run.finish(240, true);
  const std::string path = directory.file("run");
  const auto tells = [&](const char* id, const char* words) {
    return explain(path, id).find(words) != std::string::npos;
  };

  CHECK(tells(
      "a", "It waited 40 s: nothing was decided until the next round at 60 s (day 0 00:01:00).\n"));
  // Longer than a round: a decision passed it over.
  CHECK(tells("b", "It waited 2 min 30 s:\n"));
  CHECK(tells("b", "from 60 s (day 0 00:01:00): job a was ahead of it"));
}
