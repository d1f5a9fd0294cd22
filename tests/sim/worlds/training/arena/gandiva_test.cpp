// Gandiva's growing, shrinking and moving (docs/systems/crius.md, "Gandiva in the arena"), worked
// by hand.
#include <doctest/doctest.h>

#include "tests/sim/worlds/training/arena/small_arena.hpp"

using namespace orrery;
using training::arena::test::Outcome;
using training::arena::test::simulate;
using training::arena::test::SmallArena;
using Kind = training::ClusterEvent::Kind;

namespace {

/// What a job was given, one line an event: `300 changed 0:4 ...`, node and GPUs.
std::vector<std::string> story(const Outcome& outcome, std::size_t job) {
  std::vector<std::string> lines;
  for (const auto& event : outcome.events) {
    if (event.job != job) continue;
    const bool gets = event.kind == Kind::started || event.kind == Kind::changed;
    if (!gets) continue;
    std::string line = std::to_string(static_cast<int>(event.seconds));
    line += event.kind == Kind::started ? " started" : " changed";
    for (const auto& share : event.placement)
      line += ' ' + std::to_string(share.node.index()) + ':' + std::to_string(share.slots);
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a job borrows its node's idle GPUs when another has left, and gives them back") {
  SmallArena arena;
  arena.node_group(1, 4);
  arena.job(0, 2, 30);      // slots 0-1, done in round 1
  arena.job(0, 1, 1000);    // slot 2, then the node's four
  arena.job(900, 2, 1000);  // takes two of the lent ones
  arena.config.rounds = 5;
  const Outcome outcome = simulate(arena, "gandiva", "{}");
  // Of the four slots then held, the first is its own.
  CHECK(story(outcome, 1) == Lines{"0 started 0:4", "300 changed 0:15", "900 changed 0:1"});
  CHECK(story(outcome, 2) == Lines{"900 started 0:6"});
  CHECK(outcome.rounds == std::vector<double>{30, 40, 40, 30, 30});
  CHECK(story(simulate(arena, "gandiva", "{growth: false}"), 1) == Lines{"0 started 0:4"});
}

TEST_CASE("a job does not grow where more GPUs make it no faster") {
  SmallArena arena;
  arena.node_group(1, 4);
  arena.speed = [](const std::string&, models::Locality locality) {
    return locality.gpus() >= 4 ? 20.0 : 10.0 * locality.gpus();
  };
  arena.job(0, 2, 30).job(0, 1, 1000);
  arena.config.rounds = 3;
  CHECK(story(simulate(arena, "gandiva", "{}"), 1) == Lines{"0 started 0:4", "300 changed 0:5"});
}

TEST_CASE("a job takes a wider locality rather than wait, and moves together again") {
  SmallArena arena;
  arena.node_group(3, 2);
  arena.job(0, 1, 1000);  // node 0
  arena.job(0, 1, 30);    // node 1, done in round 1
  arena.job(0, 2, 1000);  // node 2
  arena.job(0, 2, 1000);  // nodes 0 and 1, one GPU on each
  arena.config.rounds = 3;
  const Outcome outcome = simulate(arena, "gandiva", "{}");
  CHECK(story(outcome, 3) == Lines{"0 started 0:2 1:2", "300 changed 1:3"});
  // The GPU it leaves on node 0 is lent to job 0.
  CHECK(story(outcome, 0) == Lines{"0 started 0:1", "300 changed 0:3"});
  CHECK(story(simulate(arena, "gandiva", "{migration: false}"), 3) == Lines{"0 started 0:2 1:2"});
}

TEST_CASE("a node that is half idle only by what it lends starts no migration") {
  SmallArena arena;
  arena.node_group(5, 2);
  arena.job(0, 1, 1000);    // node 0
  arena.job(0, 1, 30);      // node 1, done in round 1: the other single ones grow
  arena.job(0, 1, 1000);    // node 2
  arena.job(0, 1, 1000);    // node 3
  arena.job(0, 2, 1000);    // node 4
  arena.job(600, 2, 180);   // node 1, done in round 5 and leaves it wholly idle
  arena.job(900, 2, 1000);  // what nodes 0 and 2 lend; node 3 goes on lending
  arena.config.rounds = 7;
  const Outcome outcome = simulate(arena, "gandiva", "{}");
  CHECK(outcome.finished == std::vector<std::pair<std::size_t, double>>{{1, 300}, {5, 1500}});
  CHECK(story(outcome, 3) == Lines{"0 started 3:1", "300 changed 3:3"});
  CHECK(story(outcome, 6) == Lines{"900 started 0:2 2:2"});
}

TEST_CASE("a job that does not fit blocks its GPU type and no other") {
  SmallArena arena;
  arena.node_group(1, 2, "v100-32g").node_group(1, 2, "a40");
  arena.job(0, 1, 60, "v100-32g");
  arena.job(0, 2, 30, "v100-32g");  // waits
  arena.job(0, 1, 30, "v100-32g");  // would fit, and waits behind it
  arena.job(0, 2, 30, "a40");
  const Outcome outcome = simulate(arena, "gandiva", "{growth: false}");
  CHECK(outcome.finished ==
        std::vector<std::pair<std::size_t, double>>{{3, 300}, {0, 600}, {1, 900}, {2, 1200}});
}
