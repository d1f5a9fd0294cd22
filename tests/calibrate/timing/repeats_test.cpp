// From repeats to a point's time: disturbed ones are set aside, and neighbours are told apart.
#include "calibrate/timing/repeats.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/base/random.hpp"
#include "tests/calibrate/timing/fake_kernel.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::test;

namespace {

/// Repeats of a millisecond on a machine whose neighbours lengthen a share of them by up to 60 %,
/// most of which carry a sign.
std::vector<Repeat> noisy_repeats(std::uint64_t seed, double share, double seen) {
  orrery::base::RandomStream random(seed, "repeats");
  std::vector<Repeat> repeats;
  for (int i = 0; i < 60; ++i) {
    const bool hit = random.uniform() < share;
    const double own = 1e-3 * (1 + 0.01 * random.uniform());
    const double added = hit ? own * (0.2 + 0.4 * random.uniform()) : 0;
    repeats.push_back({own + added, hit && random.uniform() < seen});
  }
  return repeats;
}

RawRow row(const char* point, double seconds, double yardstick, const char* disturbed = "") {
  RawRow made;
  made.kernel = "copy";
  made.point = point;
  made.round = 1;
  made.repeat = made.repeats = 1;
  made.seconds = seconds;
  made.disturbed = disturbed;
  made.yardstick_seconds = yardstick;
  return made;
}

}  // namespace

TEST_CASE("a point's time is a low quantile of what is undisturbed, its median is of all") {
  std::vector<Repeat> repeats;
  for (int i = 1; i <= 21; ++i) repeats.push_back({1e-3 * i, i > 11});
  const PointTime time = point_time(repeats);
  CHECK(time.seconds == doctest::Approx(1.2e-3));  // rank 0.2 of 1 to 11
  CHECK(time.median_seconds == doctest::Approx(11e-3));
  CHECK(time.spread == doctest::Approx(8.0 / 6));
  CHECK(time.repeats == 21);
  CHECK(time.set_aside == 10);
  const Repeat one{2e-3, true};
  CHECK(point_time({&one, 1}).seconds == 2e-3);
  CHECK(point_time({&one, 1}).spread == 0);
}

TEST_CASE("with too few undisturbed repeats all are judged, and still said to be disturbed") {
  std::vector<Repeat> repeats(12, {1e-3, true});
  for (int i = 0; i < kEnoughKept - 1; ++i) repeats.push_back({5e-3, false});
  CHECK(point_time(repeats).seconds == 1e-3);
  CHECK(point_time(repeats).set_aside == 12);
  CHECK(point_time(repeats).spread > 0);
  CHECK(point_time(repeats, 5).spread == 0);
}

TEST_CASE("a repeat that is faster in spite of its sign counts") {
  std::vector<Repeat> repeats(20, {2e-3, false});
  repeats.insert(repeats.end(), 20, {1e-3, true});
  CHECK(point_time(repeats).seconds == 1e-3);
  for (std::size_t i = 20; i < 40; ++i) repeats[i].seconds = 3e-3;
  CHECK(point_time(repeats).seconds == 2e-3);
}

TEST_CASE("neighbours that take half of the repeats hardly move the time, over seeds") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    const PointTime time = point_time(noisy_repeats(seed, 0.5, 0.8));
    CHECK(time.seconds == doctest::Approx(1.001e-3).epsilon(0.005));
    const PointTime worse = point_time(noisy_repeats(seed, 0.75, 0.5));
    CHECK(worse.seconds == doctest::Approx(1.002e-3).epsilon(0.01));
    CHECK(worse.median_seconds > 1.15 * worse.seconds);
  }
}

TEST_CASE("a visit beside a slow yardstick is slow, whatever its repeats carry") {
  std::vector<RawRow> rows;
  for (int i = 0; i < 20; ++i) rows.push_back(row("a", 1e-3, 1e-4 * (1 + 0.001 * i)));
  rows.push_back(row("a", 2e-3, 1.2e-4));
  rows.push_back(row("a", 2e-3, 1.2e-4, "switched"));
  rows.push_back(row("a", 1e-3, 0));
  mark_slow_visits(rows);
  CHECK(std::count_if(rows.begin(), rows.end(),
                      [](const RawRow& r) { return r.disturbed.empty(); }) == 21);
  CHECK(rows[20].disturbed == "slow");
  CHECK(rows[21].disturbed == "switched slow");
  CHECK(rows[22].disturbed.empty());
  std::vector<RawRow> none{row("a", 1e-3, 0)};
  mark_slow_visits(none);
  CHECK(none[0].disturbed.empty());
}

TEST_CASE("a point that was always disturbed has a time only where the time of threads counts") {
  FakeTime time;
  FakeKernel kernel("copy", time, points_of({1e-3, 1e-3, 1e-3}));
  std::vector<RawRow> rows;
  for (int i = 0; i < 4; ++i) rows.push_back(row("a", 1e-3, 0, "switched"));
  for (int i = 0; i < kLeastKept; ++i) rows.push_back(row("b", 2e-3, 0));
  const auto points = kernel.points();
  auto measured = measured_points(kernel, points, rows);
  REQUIRE(measured.size() == 2);
  CHECK(measured[0].point.id == "a");
  CHECK(measured[0].set_aside == 4);
  CHECK(measured[1].seconds == 2e-3);
  kernel.wall_clock = true;
  measured = measured_points(kernel, points, rows);
  REQUIRE(measured.size() == 1);
  CHECK(measured[0].point.id == "b");
}
