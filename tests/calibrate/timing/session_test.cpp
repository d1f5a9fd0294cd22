// Sessions with a fake kernel and a fake clock: budget, order, interruption, going on.
#include "calibrate/timing/session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "calibrate/timing/budget.hpp"
#include "tests/calibrate/timing/fake_kernel.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::test;
using orrery::base::Error;
using orrery::base::Fault;

namespace {

/// Everything that a session needs, with nothing in it real.
struct Bench {
  FakeTime time;
  std::vector<RawRow> kept;
  std::vector<SessionProgress> shown;
  int stop_after_runs = -1;

  SessionResult run(const std::vector<const FakeKernel*>& kernels, double budget,
                    std::vector<RawRow> rows = {}, std::uint64_t seed = 1) {
    std::vector<KernelPoints> measured;
    for (const FakeKernel* kernel : kernels) measured.push_back({kernel, kernel->points()});
    const SessionHooks hooks{
        [this] { return time.now; },
        [this] { return stop_after_runs >= 0 && time.runs >= stop_after_runs; },
        [this](std::span<const RawRow> more) { kept.insert(kept.end(), more.begin(), more.end()); },
        [this](const SessionProgress& progress) { shown.push_back(progress); },
        {}};
    return run_session(measured, std::move(rows), {budget, seed}, hooks);
  }
};

std::size_t repeats_of(const std::vector<RawRow>& rows, const std::string& point) {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [&](const RawRow& r) { return r.point == point && !r.skipped(); }));
}

}  // namespace

TEST_CASE("a session keeps to its budget and gives every point repeats in every round") {
  Bench bench;
  const FakeKernel kernel("copy", bench.time, points_of({0.01, 0.02, 0.05, 0.002}));
  const SessionResult result = bench.run({&kernel}, 10);
  CHECK(result.elapsed_seconds <= 10 + 0.05);
  CHECK(result.elapsed_seconds >= 8);
  CHECK(result.tallies.at(0).measured == 4);
  for (const char* point : {"a", "b", "c", "d"})
    for (int round = 1; round <= kRounds; ++round) {
      const auto of_visit = std::count_if(result.rows.begin(), result.rows.end(), [&](auto& r) {
        return r.point == point && r.round == round;
      });
      CHECK(of_visit >= kLeastRepeats);
      CHECK(of_visit <= kMostRepeats);
    }
  CHECK(raw_lines(bench.kept) == raw_lines(result.rows));
}

TEST_CASE("disturbed repeats are kept with their mark, and a visit goes on for undisturbed ones") {
  Bench bench;
  bench.time.switch_every = 2;
  const FakeKernel kernel("copy", bench.time, points_of({0.001, 0.002}));
  const SessionResult result = bench.run({&kernel}, 100);
  for (const char* point : {"a", "b"}) {
    const auto repeats = repeats_of(result.rows, point);
    const auto disturbed = static_cast<std::size_t>(std::count_if(
        result.rows.begin(), result.rows.end(),
        [&](const RawRow& r) { return r.point == point && r.disturbed == "switched"; }));
    CHECK(repeats - disturbed == std::size_t{kRounds} * kMostRepeats);
    CHECK(disturbed >= repeats / 2 - kRounds);
  }
  bench.time.switch_every = 1;
  const SessionResult all = bench.run({&kernel}, 100);
  CHECK(repeats_of(all.rows, "a") == std::size_t{kRounds} * kMostWithDisturbed);
}

TEST_CASE("a short budget leaves out the last points and says how many") {
  Bench bench;
  const FakeKernel kernel("copy", bench.time, points_of({0.1, 0.1, 0.1, 0.1, 0.1, 0.1}));
  const double one = kRounds * visit_seconds(kernel.points().front(), kLeastRepeats);
  const SessionResult result = bench.run({&kernel}, 3.5 * one);
  CHECK(result.tallies.at(0).measured == 3);
  CHECK(result.tallies.at(0).left_out == 3);
  CHECK(repeats_of(result.rows, "c") >= kRounds * kLeastRepeats);
  CHECK(repeats_of(result.rows, "d") == 0);
}

TEST_CASE("estimates that are far too low run over the budget by one visit at most") {
  Bench bench;
  FakeKernel kernel("copy", bench.time, points_of({0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01}));
  for (const auto& point : kernel.points()) kernel.slow[point.id] = 40;
  const SessionResult result = bench.run({&kernel}, 5);
  const double visit = 40 * 0.0101 * (kWarmUps + kLeastRepeats);
  CHECK(result.elapsed_seconds <= 5 + visit);
  CHECK(result.tallies.at(0).measured >= 2);
  CHECK(result.tallies.at(0).left_out == 7 - result.tallies.at(0).measured);
  CHECK(repeats_of(result.rows, "a") >= kLeastRepeats);
}

TEST_CASE("kernels share the budget alike, and what one leaves the next may take") {
  Bench bench;
  const FakeKernel small("a", bench.time, points_of({0.0001, 0.0001}));
  const FakeKernel large("b", bench.time, points_of({0.1, 0.1, 0.1}));
  const double need = 3 * kRounds * visit_seconds(large.points().front(), kLeastRepeats);
  // Half the budget would not do for the second; what the first leaves does.
  const SessionResult result = bench.run({&small, &large}, need + 0.5);
  CHECK(result.tallies.at(1).measured == 3);
}

TEST_CASE("a session that was stopped anywhere goes on to the rows of a whole one") {
  const std::vector<double> seconds{0.03, 0.01, 0.2, 0.004, 0.05};
  Bench whole;
  FakeKernel kernel("copy", whole.time, points_of(seconds));
  FakeKernel other("other", whole.time, points_of({0.02, 0.07}));
  kernel.too_large = {"c"};
  const std::string expected = raw_lines(whole.run({&kernel, &other}, 6).rows);
  int stopped = 0;
  for (int runs = 0; runs < whole.time.runs; runs += 7) {
    Bench first;
    FakeKernel a("copy", first.time, points_of(seconds));
    FakeKernel b("other", first.time, points_of({0.02, 0.07}));
    a.too_large = {"c"};
    first.stop_after_runs = runs;
    try {
      first.run({&a, &b}, 6);
      FAIL("it was not stopped after " << runs << " runs");
    } catch (const Error& error) {
      CHECK(error.fault() == Fault::interrupted);
      ++stopped;
    }
    // Going on at another time of day; the interrupted visit's runs count again.
    Bench second;
    second.time.now = 5000;
    FakeKernel a2("copy", second.time, points_of(seconds));
    FakeKernel b2("other", second.time, points_of({0.02, 0.07}));
    a2.too_large = {"c"};
    const auto runs_of = [&](const FakeKernel& k) {
      std::map<std::string, int> count;
      std::map<std::string, int> visits;
      for (const RawRow& row : first.kept)
        if (row.kernel == k.name() && !row.skipped()) {
          ++count[row.point];
          visits[row.point] = row.round;
        }
      for (const CalibrationPoint& p : k.points()) {
        const int warm_ups = p.estimated_seconds >= kLongRunSeconds ? 1 : kWarmUps;
        if (count.count(p.id) > 0) count[p.id] += warm_ups * visits[p.id];
      }
      return count;
    };
    a2.runs = runs_of(a2);
    b2.runs = runs_of(b2);
    const SessionResult result = second.run({&a2, &b2}, 6, first.kept);
    // The fake clock adds the same steps in another order of rounding, so its times are rounded.
    auto rounded = [](std::vector<RawRow> rows) {
      for (RawRow& row : rows) row.at_seconds = std::round(row.at_seconds * 1e6) / 1e6;
      return raw_lines(rows);
    };
    CHECK_MESSAGE(rounded(result.rows) == rounded(whole.kept), "stopped after " << runs << " runs");
  }
  CHECK(stopped > 10);
  CHECK(expected == raw_lines(whole.kept));
}

TEST_CASE("a point that does not fit into memory is skipped once and said, the rest measured") {
  Bench bench;
  FakeKernel kernel("copy", bench.time, points_of({0.01, 0.01, 0.01}));
  kernel.too_large = {"b"};
  const SessionResult result = bench.run({&kernel}, 2);
  const KernelTally& tally = result.tallies.at(0);
  CHECK(tally.measured == 2);
  CHECK(tally.skipped == 1);
  CHECK(tally.left_out == 0);
  CHECK(tally.why_skipped == "point b is too large");
  CHECK(std::count_if(result.rows.begin(), result.rows.end(),
                      [](auto& r) { return r.skipped(); }) == 1);
}

TEST_CASE("a wrong kernel is not timed") {
  Bench bench;
  FakeKernel kernel("copy", bench.time, points_of({0.01, 0.01}));
  kernel.wrong = {"b"};
  CHECK_THROWS_WITH_AS(bench.run({&kernel}, 2), "point b differs from the reference", Error);
  CHECK(repeats_of(bench.kept, "b") == 0);
}

TEST_CASE("rows of other points are refused") {
  Bench bench;
  const FakeKernel kernel("copy", bench.time, points_of({0.01, 0.01}));
  const SessionResult result = bench.run({&kernel}, 1);
  Bench other;
  const FakeKernel swapped("copy", other.time, points_of({0.01, 0.01}));
  std::vector<RawRow> rows = result.rows;
  rows.front().point = "z";
  CHECK_THROWS_AS(other.run({&swapped}, 1, rows), Error);
  rows = result.rows;
  rows.front().round = 2;
  CHECK_THROWS_AS(other.run({&swapped}, 1, rows), Error);
  rows = result.rows;
  rows.push_back(rows.back());
  CHECK_THROWS_AS(other.run({&swapped}, 1, rows), Error);
}

TEST_CASE("progress tells the seconds left, by the budget or by what can be repeated at most") {
  Bench bench;
  const FakeKernel kernel("copy", bench.time, points_of({0.01, 0.02}));
  const SessionResult result = bench.run({&kernel}, 3);
  REQUIRE(bench.shown.size() == 2 * kRounds);
  CHECK(bench.shown.front().seconds_left == doctest::Approx(3));
  CHECK(bench.shown.back().seconds_left < 1);
  CHECK(bench.shown.back().round == kRounds);
  Bench rich;
  const FakeKernel same("copy", rich.time, points_of({0.01, 0.02}));
  const double took = rich.run({&same}, 1000).elapsed_seconds;
  CHECK(took < 10);
  CHECK(rich.shown.front().seconds_left < 1.5 * took);
  CHECK(result.elapsed_seconds > 2);
}

TEST_CASE("the order of later rounds is of the seed, the first is the points' own") {
  CHECK(visit_order(5, 1, 3) == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK(visit_order(50, 2, 3) == visit_order(50, 2, 3));
  CHECK(visit_order(50, 2, 3) != visit_order(50, 2, 4));
  CHECK(visit_order(50, 2, 3) != visit_order(50, 3, 3));
  auto order = visit_order(50, 2, 3);
  std::sort(order.begin(), order.end());
  CHECK(order == visit_order(50, 1, 3));
}
