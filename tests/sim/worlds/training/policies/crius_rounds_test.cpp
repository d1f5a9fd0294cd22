// Whole decisions of Crius on random clusters: no GPU twice, under every switch, with failures and
// jobs that name no model; and what opportunistic jobs may and may not do.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>

#include "models/base/document.hpp"
#include "tests/sim/worlds/training/policies/crius_bench.hpp"

using namespace orrery;
using namespace orrery::policies::crius;
using orrery::test::CriusBench;
using orrery::test::OpenCrius;
using training::Action;
using training::JobId;
using training::Reason;

namespace {

struct Seen {
  std::size_t starts = 0, changes = 0, suspensions = 0, opportunistic = 0, made_room = 0;
};

/// Rounds of arrivals, departures, failures and repairs under the registered policy; the bench
/// checks every action.
void run_rounds(std::uint64_t seed, const std::string& options, bool half_without_model,
                Seen& seen) {
  base::RandomStream random(seed, "rounds");
  CriusBench bench(seed, half_without_model);
  const auto policy = training::find_policy("crius")->make(base::parse_yaml(options, "options"));
  std::vector<platform::NodeId> down;
  for (int round = 0; round < 60; ++round) {
    training::Delta delta;
    const auto finished = bench.finish_some(random, 6);
    std::vector<JobId> interrupted;
    std::vector<platform::NodeId> failed, repaired;
    if (random.below(6) == 0) {
      const platform::NodeId node(random.below(bench.nodes()));
      if (std::ranges::find(down, node) == down.end()) {
        interrupted = bench.fail(node);
        failed.push_back(node);
        down.push_back(node);
      }
    } else if (!down.empty() && random.below(2) == 0) {
      repaired.push_back(down.back());
      bench.repair(down.back());
      down.pop_back();
    }
    const auto arrived = bench.arrive(random.below(5));
    delta.finished = finished;
    delta.interrupted = interrupted;
    delta.failed_nodes = failed;
    delta.repaired_nodes = repaired;
    delta.arrived = arrived;
    const training::Actions actions = policy->decide(bench.view(), delta);
    for (const Action& action : actions.actions) {
      seen.starts += action.kind == Action::Kind::start;
      seen.changes += action.kind == Action::Kind::change;
      seen.suspensions += action.reason == training::find_reason("suspended");
      seen.opportunistic += action.reason == training::find_reason("opportunistic");
      seen.made_room += action.reason == Reason::made_room;
      if (action.reason == training::find_reason("suspended") ||
          action.reason == training::find_reason("opportunistic") ||
          action.reason == Reason::made_room)
        CHECK(!action.because_of.is_none());
    }
    bench.apply(actions);
  }
}

}  // namespace

TEST_CASE("no GPU is given twice, whatever is switched and whatever fails") {
  const std::vector<std::string> all = {"{}",
                                        "{scaling: false}",
                                        "{type_change: false}",
                                        "{opportunistic: false}",
                                        "{migration: false}",
                                        "{depth: 5, expansions: 30}",
                                        "{largest_gpus: 4}",
                                        "{search: arena}"};
  for (const std::string& options : all) {
    Seen seen;
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
      CAPTURE(options);
      CAPTURE(seed);
      run_rounds(seed, options, seed % 3 == 0, seen);
    }
    std::printf(
        "no GPU twice under %s: %zu starts, %zu changes, %zu opportunistic, %zu suspended\n",
        options.c_str(), seen.starts, seen.changes, seen.opportunistic, seen.suspensions);
    CHECK(seen.starts > 500);
    CHECK(seen.changes > 100);
    CHECK(seen.made_room > 100);
    CHECK(seen.opportunistic > 0);
  }
}

TEST_CASE("an opportunistic job never delays a blocker that fits") {
  std::size_t blockers = 0, suspensions = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "blockers");
    CriusBench bench(seed);
    // Where jobs may neither shrink nor change their type, many block.
    Options options;
    options.scaling = options.type_change = seed % 4 == 0;
    OpenCrius crius{options};
    State& state = crius.state;
    test::warm_up(bench, crius, random, 10);
    for (int round = 0; round < 10; ++round) {
      const auto finished = bench.finish_some(random, 10);
      crius.begin(bench.view(), finished);
      crius.passes.departures(false);
      for (std::size_t i = 0; i < state.queue.size(); ++i) {
        if (state.queue[i].opportunistic || !state.queue.is_blocker(i)) continue;
        const auto request = state.request(state.queue[i].job);
        if (!request) continue;
        ++blockers;
        const std::size_t mark = state.slots.mark();
        std::vector<JobId> behind;
        state.queue.behind(i, behind);
        for (const JobId job : behind) state.slots.release_all(job);
        // At the GPUs it asks for and at their best locality, and nobody else has to move.
        state.trial.set_rules({.migrate = false});
        const Trial trial = state.trial.place(state.queue[i].job, *request, 0);
        CHECK_FALSE((trial.feasible && !trial.relaxed));
        state.trial.set_rules({});
        state.slots.rollback(mark);
      }
      // Who had to give way did so for a reason: somebody has one of its GPUs.
      const training::View view = bench.view();
      for (const JobId job : bench.running()) {
        if (state.suspended[job.index()] == 0 || state.slots.runs(job)) continue;
        std::uint64_t taken = 0;
        for (const platform::NodeShare& share : view.placements[job.index()])
          taken |=
              share.slots & state.slots.used_slots(static_cast<std::uint32_t>(share.node.index()));
        CHECK(taken != 0);
      }
      const training::Actions actions = crius.end();
      for (const Action& action : actions.actions)
        suspensions += action.reason == training::find_reason("suspended");
      bench.apply(actions);
      test::warm_up(bench, crius, random, 1);
    }
  }
  std::printf(
      "%zu times a blocker did not fit; %zu opportunistic jobs suspended for one that did\n",
      blockers, suspensions);
  CHECK(blockers > 200);
  CHECK(suspensions > 20);
}
