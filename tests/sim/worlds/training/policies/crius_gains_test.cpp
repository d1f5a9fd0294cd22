// What Crius's searches say they gain is what the cluster gains, recomputed from scratch, on random
// clusters with random throughputs.
#include <doctest/doctest.h>

#include <cstdio>

#include "tests/sim/worlds/training/policies/crius_bench.hpp"

using namespace orrery;
using namespace orrery::policies::crius;
using orrery::test::CriusBench;
using orrery::test::OpenCrius;

namespace {

constexpr std::uint64_t kSeeds = 60;

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-9 * (1 + std::abs(a) + std::abs(b));
}

}  // namespace

TEST_CASE("the gain of a fit is the change of throughput") {
  std::size_t direct = 0, downgraded = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "fit");
    CriusBench bench(seed);
    OpenCrius crius{Options{}};
    test::warm_up(bench, crius, random);
    for (const training::JobId job : bench.arrive(25)) {
      crius.begin(bench.view(), {});
      Fit fit(crius.state);
      const auto request = crius.state.request(job);
      if (!request) continue;
      const double before = bench.throughput(crius.state);
      const std::uint64_t searches = crius.state.counts.searches;
      const FitCandidate found = fit.place(job, *request, kMigrationBudget);
      const double after = bench.throughput(crius.state);
      if (!found.found) {
        ++refused;
        CHECK(after == before);
        continue;
      }
      CHECK(close(found.gain, after - before));
      const bool searched = crius.state.counts.searches > searches;
      ++(searched ? downgraded : direct);
    }
  }
  std::printf("gains of %zu fits recomputed: %zu direct, %zu searched; %zu refused\n",
              direct + downgraded, direct, downgraded, refused);
  CHECK(direct > 50);
  CHECK(downgraded > 200);
}

TEST_CASE("an upgrade never lowers throughput, nor does gathering spread jobs") {
  std::size_t upgrades = 0, gathered = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "upgrade");
    CriusBench bench(seed);
    // Half of the clusters are left to fragment, so that jobs are spread.
    Options options;
    options.scaling = options.type_change = options.migration = seed % 2 == 0;
    OpenCrius crius{options};
    test::warm_up(bench, crius, random);
    for (int round = 0; round < 6; ++round) {
      const auto finished = bench.finish_some(random, 3);
      crius.begin(bench.view(), finished);
      double before = bench.throughput(crius.state);
      crius.state.trial.set_rules({});
      gather_spread_jobs(crius.state);
      double after = bench.throughput(crius.state);
      CHECK(after >= before - 1e-9 * before);
      gathered += after > before;
      before = after;
      crius.state.options = Options{};
      const bool upgraded = UpgradeTrial(crius.state).run();
      crius.state.options = options;
      after = bench.throughput(crius.state);
      if (upgraded) CHECK(after > before);
      if (!upgraded) CHECK(after == before);
      upgrades += upgraded;
      bench.apply(crius.end());
      CHECK(close(bench.throughput(), after));
      test::warm_up(bench, crius, random, 2);
    }
  }
  std::printf("no loss in %zu passes of upgrades and %zu of gathering that changed something\n",
              upgrades, gathered);
  CHECK(upgrades > 50);
  CHECK(gathered > 5);
}

TEST_CASE("a deeper search and a larger budget never do worse on one decision") {
  std::size_t better = 0, compared = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "depth");
    CriusBench bench(seed);
    OpenCrius crius{Options{}};
    test::warm_up(bench, crius, random);
    for (const training::JobId job : bench.arrive(6)) {
      crius.begin(bench.view(), {});
      State& state = crius.state;
      const auto request = state.request(job);
      if (!request) continue;
      DowngradeSearch search(state.slots, state.estimates, state.trial, state.counts);
      const auto gain = [&](std::int32_t depth, std::uint64_t expansions) {
        FitCandidate found;
        found.gain = -1e9;
        const std::uint64_t hash = state.slots.hash();
        const std::uint64_t expanded = state.counts.expansions;
        search.search({job, *request, depth, expansions, kMigrationBudget}, found);
        CHECK(state.slots.hash() == hash);
        if (expansions > 0) CHECK(state.counts.expansions - expanded <= expansions);
        return found.gain;
      };
      double last = -1e9;
      for (std::int32_t depth = 1; depth <= 4; ++depth) {
        const double now = gain(depth, 0);
        CHECK(now >= last);
        better += depth > 1 && now > last;
        last = now;
      }
      last = -1e9;
      for (const std::uint64_t expansions : {1U, 3U, 10U, 40U, 160U}) {
        const double now = gain(8, expansions);
        CHECK(now >= last);
        last = now;
      }
      ++compared;
    }
  }
  std::printf("%zu decisions searched to depth 1..4: %zu times a deeper search found more\n",
              compared, better);
  CHECK(better > 50);
}

TEST_CASE("trying only what its bound allows finds what trying everything finds") {
  struct Entry {
    double at_most;
    double value;
    bool feasible;
  };
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "best_of");
    std::vector<Entry> entries(random.below(12));
    for (Entry& entry : entries) {
      entry.value = static_cast<double>(random.below(6)) - 2;
      entry.at_most = entry.value + static_cast<double>(random.below(3));
      entry.feasible = random.below(4) != 0;
    }
    std::optional<std::size_t> expected;
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (entries[i].feasible && entries[i].value > 0 &&
          (!expected || entries[i].value > entries[*expected].value))
        expected = i;
    std::vector<std::uint8_t> tried;
    const auto found = best_of(entries, tried, 0, [](const Entry& entry) {
      return entry.feasible ? std::optional(entry.value) : std::nullopt;
    });
    REQUIRE(found.has_value() == expected.has_value());
    if (found) CHECK(found->first == *expected);
  }
}
