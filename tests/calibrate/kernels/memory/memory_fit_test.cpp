// Fits of times made from known rates: the rates come back.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "calibrate/kernels/memory/memory.hpp"
#include "models/base/error.hpp"
#include "models/base/random.hpp"
#include "models/profile/profile_file.hpp"

using namespace orrery::calibrate;
using namespace orrery::calibrate::memory;
using orrery::models::find_number;

namespace {

const std::vector<Hierarchy> kTwo{{1, {{"l1", 48e3}, {"l2", 2e6}, {"l3", 64e6}}},
                                  {2, {{"l1", 96e3}, {"l2", 4e6}, {"l3", 64e6}}}};

/// Each level's rate for one thread, halved time for two, with noise; all moves out of a cache
/// that it outgrows, and a quarter of the last is ours.
std::vector<MeasuredPoint> made(double noise, std::uint64_t seed) {
  orrery::base::RandomStream random(seed, "memory");
  const auto sizes = buffer_sizes(16384, 1 << 30);
  std::vector<MeasuredPoint> points;
  for (const CalibrationPoint& point :
       make_points(sizes, kTwo, [](double bytes, int) { return bytes / 1e10; })) {
    const double bytes = *find_number(point.features, "bytes");
    const double threads = *find_number(point.features, "threads");
    const Hierarchy& h = kTwo[threads == 1 ? 0 : 1];
    const double rate = bytes <= h.levels[0].bytes       ? 120e9
                        : bytes <= h.levels[1].bytes     ? 90e9
                        : bytes <= h.levels[2].bytes / 4 ? 30e9
                                                         : 15e9;
    const double seconds = (10e-9 + bytes / rate / threads) * (1 + noise * random.normal());
    points.push_back({point, seconds, seconds, noise, 9, 0});
  }
  return points;
}

}  // namespace

TEST_CASE(
    "rates of each level, of one thread and two, come back with the share of the last cache") {
  const auto costs = fit_memory(made(0, 1), kTwo, 1);
  REQUIRE(costs.size() == 3);
  CHECK(costs[0].variant == "copy");
  CHECK(costs[1].variant == "read");
  CHECK(costs[2].variant == "triad");
  for (const auto& cost : costs) {
    CHECK(cost.kernel == "memory");
    const auto near = [&](const char* name, double value) {
      const auto found = find_number(cost.coefficients, name);
      REQUIRE_MESSAGE(found, name);
      CHECK_MESSAGE(*found == doctest::Approx(value).epsilon(1e-3), name);
    };
    near("bytes_per_second", 30e9);
    near("l3_bytes_per_second", 60e9);
    near("l2_bytes_per_second", 180e9);
    near("l1_bytes_per_second", 240e9);
    near("one_thread_bytes_per_second", 15e9);
    near("one_thread_l1_bytes_per_second", 120e9);
    near("start_seconds", 10e-9);
    CHECK(*find_number(cost.constants, "l3_bytes") == doctest::Approx(16e6));
    CHECK(cost.held_out.p90 < 1e-3);
    CHECK(cost.points == 66);
  }
}

TEST_CASE("noise of 5 % leaves errors of its size, over seeds, and the rate beyond caches" *
          doctest::test_suite("accuracy")) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    for (const auto& cost : fit_memory(made(0.05, seed), kTwo, seed)) {
      CHECK(*find_number(cost.coefficients, "bytes_per_second") ==
            doctest::Approx(30e9).epsilon(0.1));
      CHECK(cost.held_out.median < 0.08);
      CHECK(cost.held_out.p90 < 0.25);
    }
  }
}

TEST_CASE("the same points in any order and the same seed give the same bytes of a profile" *
          doctest::test_suite("accuracy")) {
  const auto bytes_of_profile = [](std::vector<MeasuredPoint> points, std::uint64_t seed) {
    orrery::models::DeviceProfile profile;
    profile.device = "x";
    profile.device_name = "X";
    profile.backend = "cpu";
    profile.provenance.date = "2026-01-01T00:00:00Z";
    profile.costs = fit_memory(points, kTwo, seed);
    return orrery::models::profile_yaml(profile);
  };
  const auto points = made(0.05, 1);
  auto reversed = points;
  std::reverse(reversed.begin(), reversed.end());
  CHECK(bytes_of_profile(points, 1) == bytes_of_profile(points, 1));
  CHECK(bytes_of_profile(points, 1) == bytes_of_profile(reversed, 1));
  CHECK(bytes_of_profile(points, 1) != bytes_of_profile(points, 2));
}

TEST_CASE("a last cache that is the sum of a processor's parts is fitted with one part of it") {
  std::vector<Hierarchy> sum = kTwo;
  for (Hierarchy& hierarchy : sum) hierarchy.levels.back().bytes = 16e6 / 0.031;
  for (const auto& cost : fit_memory(made(0, 1), sum, 1)) {
    CAPTURE(cost.variant);
    CHECK(*find_number(cost.constants, "l3_bytes") == doctest::Approx(16e6));
    CHECK(cost.held_out.p90 < 1e-3);
  }
}

TEST_CASE("a processor that tells nothing of its caches is fitted with one rate") {
  const std::vector<Hierarchy> unknown{{1, {}}};
  std::vector<MeasuredPoint> points;
  for (const CalibrationPoint& point :
       make_points(buffer_sizes(16384, 1 << 24), unknown, [](double, int) { return 1.0; })) {
    const double seconds = *find_number(point.features, "bytes") / 2e10;
    points.push_back({point, seconds, seconds, 0, 3, 0});
  }
  const auto costs = fit_memory(points, unknown, 1);
  CHECK(*find_number(costs[0].coefficients, "bytes_per_second") == doctest::Approx(2e10));
}

TEST_CASE("points that all lie in caches do not measure memory") {
  auto points = made(0, 1);
  std::erase_if(
      points, [](const MeasuredPoint& p) { return *find_number(p.point.features, "bytes") > 1e6; });
  CHECK_THROWS_AS(fit_memory(points, kTwo, 1), orrery::base::Error);
  CHECK_THROWS_AS(fit_memory({}, kTwo, 1), orrery::base::Error);
}
