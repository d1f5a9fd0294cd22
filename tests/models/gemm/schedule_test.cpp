// Schedules of tiles: closed forms, bounds, and that more work or fewer slots never help.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "models/base/random.hpp"
#include "models/gemm/schedule.hpp"

using namespace orrery;
using models::gemm::kExactWaves;
using models::gemm::schedule_seconds;
using models::gemm::TileRun;

namespace {

double seconds(std::vector<TileRun> runs, std::int64_t slots) {
  return schedule_seconds(runs, slots);
}

std::vector<TileRun> random_runs(base::RandomStream& random, std::int64_t most) {
  std::vector<TileRun> runs;
  for (std::uint64_t i = 0, count = 1 + random.below(6); i < count; ++i)
    runs.push_back({0.5 + random.uniform(),
                    static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most)))});
  return runs;
}

}  // namespace

TEST_CASE("tiles of one length fill whole waves, then half a wave is lost") {
  CHECK(seconds({{2, 1}}, 10) == 2);
  CHECK(seconds({{2, 10}}, 10) == 2);
  CHECK(seconds({{2, 11}}, 10) == 4);
  CHECK(seconds({{2, 40}}, 10) == 8);
  CHECK(seconds({{2, 41}}, 10) == doctest::Approx(2 * (4.1 + 0.5)));
  CHECK(seconds({{2, 1000}}, 10) == doctest::Approx(2 * 100.5));
  CHECK(seconds({}, 10) == 0);
  CHECK(seconds({{2, 0}}, 10) == 0);
}

TEST_CASE("unequal tiles go longest first") {
  // 5, 4, 3, 3, 3 on two slots: 5 + 3 and 4 + 3 + 3; the best order would need 9.
  CHECK(seconds({{3, 3}, {5, 1}, {4, 1}}, 2) == 10);
  CHECK(seconds({{5, 1}, {1, 5}}, 2) == 5);
  CHECK(seconds({{2, 3}, {2, 4}}, 10) == seconds({{2, 7}}, 10));
}

TEST_CASE("a schedule lies between the work shared evenly and one longest tile more") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "schedule bounds");
    const auto runs = random_runs(random, 60);
    const auto slots = static_cast<std::int64_t>(1 + random.below(20));
    double sum = 0;
    double longest = 0;
    for (const TileRun& run : runs) {
      sum += run.seconds * static_cast<double>(run.count);
      if (run.count > 0) longest = std::max(longest, run.seconds);
    }
    const double found = schedule_seconds(runs, slots);
    CHECK(found >= sum / static_cast<double>(slots) * (1 - 1e-12));
    CHECK(found >= longest);
    CHECK(found <= (sum / static_cast<double>(slots) + longest) * (1 + 1e-12));
  }
}

TEST_CASE("longer or more tiles never end sooner") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "schedule grows");
    const auto runs = random_runs(random, 60);
    const auto slots = static_cast<std::int64_t>(1 + random.below(20));
    auto more = runs;
    TileRun& changed = more[static_cast<std::size_t>(random.below(more.size()))];
    if (random.uniform() < 0.5)
      changed.count += static_cast<std::int64_t>(random.below(5));
    else
      changed.seconds *= 1 + random.uniform();
    CHECK(schedule_seconds(more, slots) >= schedule_seconds(runs, slots) * (1 - 1e-12));
  }
}

TEST_CASE("more slots never end later while the schedule is exact") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "schedule slots");
    const auto runs = random_runs(random, 10);
    std::int64_t tiles = 0;
    for (const TileRun& run : runs) tiles += run.count;
    const std::int64_t slots = tiles / kExactWaves + 1 + static_cast<std::int64_t>(random.below(9));
    CHECK(schedule_seconds(runs, slots + 1) <= schedule_seconds(runs, slots) * (1 + 1e-12));
  }
  // Tiles of one length: through both forms.
  for (std::int64_t slots = 1; slots < 300; ++slots)
    CHECK(seconds({{1, 777}}, slots + 1) <= seconds({{1, 777}}, slots));
}
