// Throughputs with both roundings (docs/systems/crius.md, "Throughput lookup"), worked by hand.
#include <doctest/doctest.h>

#include <limits>

#include "sim/worlds/training/arena/arena_throughput.hpp"

using namespace orrery;
using models::ThroughputOrigin;
using training::arena::ArenaThroughput;
using training::arena::round3;

TEST_CASE("three decimals of the exact binary value, ties to even") {
  CHECK(round3(28.65849) == 28.658);
  CHECK(round3(0.0005) == 0.001);  // the nearest double is above the tie
  CHECK(round3(0.0625) == 0.062);  // a true tie: to the even digit
  CHECK(round3(0.1875) == 0.188);
  CHECK(round3(1.0005) == 1.0);  // the nearest double is below the tie
  CHECK(round3(2.6755) == 2.675);
  CHECK(round3(-1.2345) == -1.234);
  CHECK(round3(1e300) == 1e300);
  CHECK(round3(0) == 0);
}

TEST_CASE("batch over time is rounded, then factored, and its inverse is rounded again") {
  auto table = std::make_shared<models::ThroughputTable>();
  const base::Where where{"t.csv", 2, 0, ""};
  table->add({"bert__1.3B", 128}, "a40", {1, 2}, 9.7, where);
  table->add({"bert__2.6B", 128}, "a40", {4, 1}, 7.0, where);
  table->add({"bert__6.7B", 128}, "a40", {1, 2}, std::numeric_limits<double>::infinity(), where);
  table->add({"moe__690M", 256}, "a40", {1, 1}, 301, where);
  table->add({"moe__690M", 256}, "a40", {1, 2}, 299, where);
  models::MeasuredRules rules;
  rules.relaxed_locality = 0.9;
  rules.smaller_model = 1.8;
  rules.longest_iteration_seconds = 300;
  const ArenaThroughput source(table, rules);
  const models::ThroughputType a40{"a40", 2};

  // 128 / 9.7 = 13.19587...; 128 / 13.196 = 9.69990...
  const auto exact = source.of({"bert__1.3B", 128}, a40, {1, 2});
  CHECK(exact.samples_per_second == 13.196);
  CHECK(exact.iteration_seconds == 9.7);
  CHECK(exact.origin == ThroughputOrigin::measured);

  // One halving: 13.196 x 0.9 = 11.8764; 128 / 11.8764 = 10.77767...
  const auto relaxed = source.of({"bert__1.3B", 128}, a40, {2, 1});
  CHECK(relaxed.samples_per_second == doctest::Approx(11.8764).epsilon(1e-14));
  CHECK(relaxed.iteration_seconds == 10.778);
  CHECK(relaxed.origin == ThroughputOrigin::derived);

  // No row of its own or of the best locality: one size step up, 128 / 7 = 18.286 x 1.8 = 32.9148.
  const auto larger = source.of({"bert__1.3B", 128}, a40, {4, 1});
  CHECK(larger.samples_per_second == doctest::Approx(32.9148).epsilon(1e-14));
  CHECK(larger.iteration_seconds == 3.889);

  // The first row decides, also when it says no: 2.6B finds 6.7B's, which cannot run.
  CHECK_FALSE(source.of({"bert__2.6B", 128}, a40, {1, 2}).feasible());
  CHECK_FALSE(source.of({"moe__690M", 256}, a40, {1, 1}).feasible());  // above 300 s
  // 256 / 299 = 0.856; the limit holds before any factor.
  CHECK(source.of({"moe__690M", 256}, a40, {2, 1}).samples_per_second ==
        doctest::Approx(0.856 * 0.9).epsilon(1e-14));
  CHECK_FALSE(source.of({"wide_resnet__1B", 256}, a40, {1, 1}).feasible());
}
