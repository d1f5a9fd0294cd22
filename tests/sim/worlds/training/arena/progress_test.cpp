// Progress and restart charges (docs/systems/crius.md, "Progress" and "Restart charge"), worked by
// hand.
#include <doctest/doctest.h>

#include <cmath>

#include "sim/worlds/training/arena/arena_progress.hpp"

using namespace orrery::training::arena;

namespace {

/// Rounds until a job is done that runs alone at one speed.
int rounds_until_done(const ProgressRules& rules, JobProgress job, double iteration_seconds) {
  for (int rounds = 1; rounds < 10'000; ++rounds) {
    if (rules.advance(job, iteration_seconds)) return rounds;
    rules.settle_round(job);
  }
  return 0;
}

JobProgress with_iterations(double iterations) {
  JobProgress job;
  job.iterations = iterations;
  return job;
}

Quirks without(bool Quirks::*quirk) {
  Quirks quirks;
  quirks.*quirk = false;
  return quirks;
}

}  // namespace

TEST_CASE("division rounds down as the artifact's language does") {
  CHECK(floor_divide(600, 7) == 85);
  CHECK(floor_divide(300, 300) == 1);
  CHECK(floor_divide(299.999, 300) == 0);
  // The nearest double to 0.1 is above it, so ten of them do not fit into 1.
  CHECK(floor_divide(1.0, 0.1) == 9);
  CHECK(floor_divide(300, 0.3) == 1000);
}

TEST_CASE("a job is done in the round in which whole iterations of all its time suffice") {
  const ProgressRules rules({}, 300);
  // 7 s each: 42 in 300 s, 85 in 600 s (not 84), 128 in 900 s.
  CHECK(rounds_until_done(rules, with_iterations(42), 7) == 1);
  CHECK(rounds_until_done(rules, with_iterations(43), 7) == 2);
  CHECK(rounds_until_done(rules, with_iterations(85), 7) == 2);
  CHECK(rounds_until_done(rules, with_iterations(86), 7) == 3);
}

TEST_CASE("time is re-valued at the newest speed") {
  const ProgressRules rules({}, 300);
  JobProgress job = with_iterations(100);
  CHECK_FALSE(rules.advance(job, 10));
  CHECK(rules.remaining(job, 10) == 70);
  rules.change(job, 10);
  CHECK(rules.remaining(job, 5) == 40);  // the first round counts as if it had been as fast
  CHECK(rules.remaining(job, 20) == 85);
  CHECK(rules.advance(job, 5));  // 600 / 5 = 120

  const ProgressRules plain(without(&Quirks::revalued_progress), 300);
  JobProgress other = with_iterations(100);
  plain.advance(other, 10);
  plain.change(other, 10);
  CHECK(plain.remaining(other, 5) == 70);
  CHECK_FALSE(plain.advance(other, 5));
  CHECK(plain.remaining(other, 5) == 10);  // 30 at 10 s, 60 at 5 s
  CHECK(plain.advance(other, 5));
}

TEST_CASE("time before a suspension counts twice") {
  const ProgressRules rules({}, 300);
  JobProgress job = with_iterations(100);
  rules.advance(job, 10);
  rules.suspend(job, 10);
  CHECK(job.iterations == 70);
  CHECK(rules.remaining(job, 10) == 40);
  CHECK_FALSE(rules.advance(job, 10));
  CHECK(rules.advance(job, 10));  // 900 s are 90 of the 70

  for (const bool revalued : {true, false}) {
    Quirks quirks = without(&Quirks::suspended_time_counts_twice);
    quirks.revalued_progress = revalued;
    const ProgressRules once(quirks, 300);
    JobProgress other = with_iterations(100);
    once.advance(other, 10);
    once.suspend(other, 10);
    CHECK(once.remaining(other, 10) == 70);
    CHECK(rounds_until_done(once, other, 10) == 3);
  }
  const ProgressRules twice(without(&Quirks::revalued_progress), 300);
  JobProgress last = with_iterations(100);
  twice.advance(last, 10);
  twice.suspend(last, 10);
  CHECK(twice.remaining(last, 10) == 40);
  CHECK(twice.remaining(last, 5) == 40);  // banked at the speed it had
}

TEST_CASE("a restart of up to a round costs throughput and no progress") {
  const ProgressRules rules({}, 300);
  JobProgress job = with_iterations(60);
  rules.reschedule(job, 40);
  CHECK(rules.settle_round(job) == doctest::Approx(260.0 / 300));
  CHECK(job.debt_seconds == 0);
  CHECK(rules.settle_round(job) == 1);
  CHECK(rounds_until_done(rules, job, 10) == 2);
  rules.reschedule(job, 300);
  CHECK(rules.settle_round(job) == 0);
  CHECK(job.debt_seconds == 0);
}

TEST_CASE("a longer restart is a debt: one round of progress for 600 s") {
  const ProgressRules rules({}, 300);
  JobProgress job = with_iterations(60);
  rules.reschedule(job, 600);
  CHECK(rules.settle_round(job) == 0);
  CHECK(job.debt_seconds == 300);
  CHECK_FALSE(rules.advance(job, 10));
  CHECK(job.elapsed_seconds == 0);
  CHECK(rules.settle_round(job) == 0);
  CHECK(job.debt_seconds == 0);
  CHECK_FALSE(rules.advance(job, 10));
  CHECK(job.elapsed_seconds == 300);
  CHECK(rules.settle_round(job) == 1);
  CHECK(rules.advance(job, 10));

  SUBCASE("450 s: a round without throughput and half of the next") {
    rules.reschedule(job, 450);
    CHECK(rules.settle_round(job) == 0);
    CHECK(rules.settle_round(job) == 0.5);
    CHECK(rules.settle_round(job) == 1);
  }
  SUBCASE("a short restart deletes a debt") {
    rules.reschedule(job, 900);
    CHECK(rules.settle_round(job) == 0);
    CHECK(job.debt_seconds == 600);
    rules.reschedule(job, 150);
    CHECK(rules.settle_round(job) == 0.5);
    CHECK(job.debt_seconds == 0);
  }
}

TEST_CASE("a job in debt is not looked at, though a faster allocation left nothing to do") {
  const ProgressRules rules({}, 300);
  JobProgress job = with_iterations(50);
  rules.advance(job, 10);
  rules.change(job, 10);
  rules.reschedule(job, 600);
  rules.settle_round(job);
  CHECK(rules.remaining(job, 5) == 0);
  CHECK_FALSE(rules.advance(job, 5));
  rules.settle_round(job);
  CHECK(rules.advance(job, 5));
}

TEST_CASE("without free restarts the seconds of a restart are lost and no more") {
  const ProgressRules rules(without(&Quirks::free_restarts), 300);
  JobProgress job = with_iterations(60);
  rules.reschedule(job, 400);
  CHECK(rules.settle_round(job) == 0);
  CHECK_FALSE(rules.advance(job, 10));
  CHECK(job.elapsed_seconds == 0);
  CHECK(rules.settle_round(job) == doctest::Approx(200.0 / 300));
  CHECK_FALSE(rules.advance(job, 10));
  CHECK(job.elapsed_seconds == 200);
  CHECK(rules.settle_round(job) == 1);
}

TEST_CASE("the rounds until the end are those that playing them takes") {
  for (const bool free : {true, false}) {
    for (const bool revalued : {true, false}) {
      Quirks quirks;
      quirks.free_restarts = free;
      quirks.revalued_progress = revalued;
      const ProgressRules rules(quirks, 300);
      for (const double charge : {0.0, 40.0, 300.0, 301.0, 600.0, 1000.0}) {
        for (const double iterations : {0.0, 1.0, 42.0, 43.0, 3000.0}) {
          for (const double seconds : {0.1, 7.0, 300.0, 450.0}) {
            INFO(free, " ", revalued, " ", charge, " ", iterations, " ", seconds);
            JobProgress job = with_iterations(iterations);
            job.elapsed_seconds = 20;
            rules.reschedule(job, charge);
            for (auto told = std::lround(rules.rounds_to_end(job, seconds)); told > 0; --told) {
              CHECK(rules.rounds_to_end(job, seconds) == static_cast<double>(told));
              rules.settle_round(job);
              CHECK(rules.advance(job, seconds) == (told == 1));
            }
          }
        }
      }
    }
  }
}
