// Rounds of the arena's world, worked by hand: 10 samples/s a GPU, 100 samples an iteration.
#include <doctest/doctest.h>

#include "tests/sim/worlds/training/arena/small_arena.hpp"

using namespace orrery;
using namespace orrery::training::arena;
using training::Action;
using training::Actions;
using training::Delta;
using training::JobId;
using training::View;
using training::arena::test::Outcome;
using training::arena::test::simulate;
using training::arena::test::SmallArena;
using Kind = training::ClusterEvent::Kind;

namespace {

Action act(Action::Kind kind, std::size_t job, platform::Placement placement = {}) {
  Action action;
  action.kind = kind;
  action.job = JobId(job);
  action.placement = std::move(placement);
  return action;
}
Action start(std::size_t job, std::size_t node, std::int32_t gpus, std::uint64_t slots = 0) {
  return act(Action::Kind::start, job, {{platform::NodeId(node), gpus, 1000, slots}});
}
Action change(std::size_t job, std::size_t node, std::int32_t gpus, std::uint64_t slots) {
  return act(Action::Kind::change, job, {{platform::NodeId(node), gpus, 1000, slots}});
}

const std::string kFcfs = "{queue: blocking_per_type, placement: worst_fit}";

using Finished = std::vector<std::pair<std::size_t, double>>;

}  // namespace

TEST_CASE("jobs leave at round starts, in order of the running list, and pending ones follow") {
  SmallArena arena;
  arena.node_group(2, 2);
  // Iterations take 5 s on two GPUs and 10 s on one.
  arena.job(0, 2, 100);   // 500 s: done in round 2
  arena.job(0, 2, 61);    // 305 s: done in round 2, behind job 0 in the list
  arena.job(300, 1, 30);  // waits for round 2, done one round later
  arena.job(900, 1, 1);
  const Outcome outcome = simulate(arena, "fifo", kFcfs);
  CHECK(outcome.finished == Finished{{0, 600}, {1, 600}, {2, 900}, {3, 1200}});
  CHECK(outcome.all_done);
  // Decisions: rounds 0, 1 (an arrival), 2 (departures), 3 (both), 4 (a departure).
  CHECK(outcome.counts.decisions == 5);
  CHECK(outcome.rounds == std::vector<double>{40, 40, 10, 10, 0});
}

TEST_CASE("first in, first out goes by the file, whatever was submitted first") {
  for (const char* policy : {"fifo", "easy"}) {
    CAPTURE(policy);
    SmallArena arena;
    arena.node_group(1, 2);
    arena.job(0, 2, 100);    // 500 s: done in round 2
    arena.job(200, 2, 100);  // the second of the file, the third that comes
    arena.job(100, 2, 100);
    const Outcome outcome = simulate(arena, policy, std::string(policy) == "fifo" ? kFcfs : "{}");
    CHECK(outcome.finished == Finished{{0, 600}, {1, 1200}, {2, 1800}});
  }
}

TEST_CASE("only so many rounds are run, and jobs beyond them never come") {
  SmallArena arena;
  arena.node_group(1, 2);
  arena.job(0, 2, 100).job(899, 1, 1).job(900, 1, 1);
  arena.config.rounds = 3;
  const Outcome outcome = simulate(arena, "fifo", kFcfs);
  CHECK(outcome.rounds.size() == 3);
  CHECK(outcome.finished == Finished{{0, 600}});
  CHECK(outcome.counts.submitted == 2);
  CHECK_FALSE(outcome.all_done);
}

TEST_CASE("nothing goes on for ever when nothing can happen any more, but for rounds asked for") {
  SmallArena arena;
  arena.node_group(1, 2).job(0, 1, 1);
  arena.config.rounds = 4;
  const Outcome idle = simulate(arena, "fifo", kFcfs);
  CHECK(idle.rounds == std::vector<double>{10, 0, 0, 0});
  CHECK(idle.all_done);
  arena.config.rounds.reset();
  const Outcome outcome = simulate(arena, [](const View&, const Delta&) { return Actions{}; });
  CHECK(outcome.rounds.size() == 1);
  CHECK_FALSE(outcome.all_done);
}

TEST_CASE("restarts are charged for GPUs that a job had not before the round") {
  SmallArena arena;
  arena.node_group(2, 4);
  arena.job(0, 2, 1000).job(300, 1, 1000).job(600, 1, 1000).job(900, 1, 1000).job(1200, 1, 1000);
  arena.config.restart.per_gpu = 75;
  arena.config.restart.at_most = 600;
  arena.config.rounds = 6;
  std::vector<double> left;
  int call = 0;
  const Outcome outcome = simulate(arena, [&](const View& view, const Delta&) {
    left.push_back(view.at(JobId(0)).state == training::JobState::running
                       ? view.remaining_iterations(JobId(0))
                       : -1);
    Actions actions;
    switch (call++) {
      case 0:
        actions.actions = {start(0, 0, 2, 0b0110)};  // charged though it is the first
        break;
      case 1:
        actions.actions = {change(0, 0, 1, 0b0010)};  // shrunk: nothing new
        break;
      case 2:
        actions.actions = {change(0, 0, 4, 0b1111)};  // 300 s: a whole round
        break;
      case 3:
        actions.actions = {change(0, 1, 4, 0b1111)};
        break;
      default:
        break;
    }
    return actions;
  });
  // 20 x (300 - 150) / 300, then 10, then 0, 0, then 40.
  CHECK(outcome.rounds == std::vector<double>{10, 10, 0, 0, 40, 40});
  // At 5, 10, 2.5, 2.5 s an iteration, all time anew each time.
  CHECK(left == std::vector<double>{-1, 940, 940, 640, 520});
  std::vector<double> charged;
  for (const auto& event : outcome.events)
    if (event.kind == Kind::started || event.kind == Kind::changed)
      charged.push_back(event.restart_seconds);
  CHECK(charged == std::vector<double>{150, 0, 300, 300});
  CHECK(outcome.counts.restarts == 3);

  SUBCASE("a first start is free where that quirk is dropped") {
    arena.config.quirks.charged_first_starts = false;
    const Outcome free_start = simulate(arena, [&](const View&, const Delta& delta) {
      Actions actions;
      if (delta.arrived[0] == JobId(0)) actions.actions = {start(0, 0, 2)};
      return actions;
    });
    CHECK(free_start.rounds == std::vector<double>(6, 20));
  }
}

TEST_CASE("a change values the time before it anew, or not where that quirk is dropped") {
  SmallArena arena;
  arena.node_group(1, 4).job(0, 2, 200).job(300, 1, 1000);
  arena.config.rounds = 5;
  const auto grow = [](const View&, const Delta& delta) {
    Actions actions;
    if (delta.arrived.empty()) return actions;
    actions.actions = {delta.arrived[0] == JobId(0) ? start(0, 0, 2) : change(0, 0, 4, 0b1111)};
    return actions;
  };
  CHECK(simulate(arena, grow).finished == Finished{{0, 600}});  // 240 at 2.5 s each
  arena.config.quirks.revalued_progress = false;
  CHECK(simulate(arena, grow).finished == Finished{{0, 900}});  // 60 at 5 s and 120 a round
}

TEST_CASE("a suspended job goes to the end of the list and its time counts twice") {
  SmallArena arena;
  arena.node_group(1, 2);
  arena.job(0, 1, 100).job(0, 1, 60).job(300, 1, 1);
  int call = 0;
  const Outcome outcome = simulate(arena, [&](const View& view, const Delta&) {
    Actions actions;
    if (call == 0) actions.actions = {start(0, 0, 1), start(1, 0, 1)};
    if (call == 1) {
      CHECK(view.remaining_iterations(JobId(0)) == 70);
      // Preempted and started at once: both in one pass.
      actions.actions = {act(Action::Kind::preempt, 0), start(0, 0, 1, 0b01)};
    }
    if (call == 2) CHECK(view.running.size() == 1);
    ++call;
    return actions;
  });
  // Job 0: 30 of 100 done in round 1, 70 left; with 900 s counted again it is done in round 3.
  CHECK(outcome.finished == Finished{{1, 600}, {0, 900}});
  std::vector<Kind> kinds;
  for (const auto& event : outcome.events)
    if (event.job == 0) kinds.push_back(event.kind);
  CHECK(kinds == std::vector<Kind>{Kind::submitted, Kind::started, Kind::preempted, Kind::resumed,
                                   Kind::finished});
}

TEST_CASE("what cannot run as it asks is rejected as it arrives, and a mistaken policy is told") {
  SmallArena arena;
  arena.node_group(1, 4);
  arena.speed = [](const std::string&, models::Locality locality) {
    return locality.gpus() == 4 ? 0.0 : 10.0 * locality.gpus();
  };
  arena.job(0, 4, 10).job(0, 2, 10);
  const Outcome outcome = simulate(arena, "fifo", kFcfs);
  CHECK(outcome.counts.rejected == 1);
  CHECK(outcome.finished == Finished{{1, 300}});

  const auto sentence_of = [&](const Action& action) {
    try {
      simulate(arena, [&](const View&, const Delta&) { return Actions{{action}, {}, {}}; });
    } catch (const base::Error& error) {
      return error.sentence();
    }
    return std::string();
  };
  CHECK(sentence_of(start(1, 0, 4)).find("no throughput is known") != std::string::npos);
  CHECK(sentence_of(start(1, 0, 5)).find("GPUs that are not free") != std::string::npos);
  CHECK(sentence_of(start(0, 0, 2)).find("not pending") != std::string::npos);
  CHECK(sentence_of(change(1, 0, 1, 1)).find("not running") != std::string::npos);
}

TEST_CASE("a policy is woken in the first round at or after the time it asked for") {
  SmallArena arena;
  arena.node_group(1, 1).job(0, 1, 60);
  std::vector<double> called;
  const Outcome outcome = simulate(arena, [&](const View& view, const Delta& delta) {
    called.push_back(view.now_seconds);
    Actions actions;
    if (called.size() == 1) actions.wake_at_seconds = 301;
    if (delta.woken) actions.actions = {start(0, 0, 1)};
    return actions;
  });
  CHECK(called == std::vector<double>{0, 600, 1200});
  CHECK(outcome.finished == Finished{{0, 1200}});
}

TEST_CASE("EASY promises the round in which GPUs come free, not the second in which work ends") {
  // Two GPUs do 0.2 iterations a second: 100 s and 110 s of work both end with the second round.
  SmallArena scenario;
  scenario.node_group(1, 4).job(0, 2, 20).job(0, 4, 60).job(0, 2, 22);
  scenario.config.round_seconds = 60;
  const Outcome outcome = simulate(scenario, "easy", "{}");
  CHECK(outcome.finished == Finished{{0, 120}, {2, 120}, {1, 300}});
}

TEST_CASE("a job that a policy could never start is rejected as it arrives, whichever it is") {
  for (const auto* entry : training::policies()) {
    INFO(entry->name);
    SmallArena scenario;
    scenario.node_group(3, 1).job(0, 8, 20).job(0, 1, 20);
    scenario.config.policy_adapts = entry->traits.adapts;
    scenario.speed = [](const std::string&, models::Locality locality) {
      return locality.gpus() == 1 || locality.gpus() == 8 ? 10.0 * locality.gpus() : 0;
    };
    const Outcome outcome = simulate(scenario, entry->name, "{}");
    CHECK(outcome.all_done);
    CHECK(outcome.counts.finished + outcome.counts.rejected == 2);
    CHECK(outcome.counts.finished >= 1);
  }
}
