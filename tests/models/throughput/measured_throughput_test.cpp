#include <doctest/doctest.h>

#include "models/throughput/measured_throughput.hpp"
#include "tests/models/throughput/never.hpp"

using namespace orrery;
using models::FirstThatKnows;
using models::Locality;
using models::MeasuredRules;
using models::MeasuredThroughput;
using models::Throughput;
using models::ThroughputOrigin;
using test::kNever;

namespace {

const models::ThroughputType kA40{"a40", 2};

struct Row {
  const char* model;
  std::int64_t batch;
  Locality locality;
  double seconds;
};

std::shared_ptr<const models::ThroughputTable> table(std::initializer_list<Row> rows) {
  auto out = std::make_shared<models::ThroughputTable>();
  for (const Row& row : rows)
    out->add({row.model, row.batch}, "a40", row.locality, row.seconds, {});
  return out;
}

MeasuredRules rules(double relaxed, double smaller, double longest = kNever) {
  MeasuredRules out;
  out.relaxed_locality = relaxed;
  out.smaller_model = smaller;
  out.longest_iteration_seconds = longest;
  return out;
}

}  // namespace

TEST_CASE("without rules only an exact row is known") {
  const MeasuredThroughput source(table({{"fern__2B", 12, {4, 2}, 3}}), {});
  const Throughput found = source.of({"fern__2B", 12}, kA40, {4, 2});
  CHECK(found.iteration_seconds == 3);
  CHECK(found.samples_per_second == 4);
  CHECK(found.origin == ThroughputOrigin::measured);
  CHECK_FALSE(source.of({"fern__2B", 12}, kA40, {8, 1}).known());
  CHECK_FALSE(source.of({"fern__1B", 12}, kA40, {4, 2}).known());
  CHECK_FALSE(source.of({"fern__2B", 6}, kA40, {4, 2}).known());
  CHECK_FALSE(source.of({"fern__2B", 12}, {"a10", 2}, {4, 2}).known());
}

TEST_CASE("a relaxed locality loses a factor for each halving, a smaller model wins one a step") {
  const MeasuredThroughput source(table({{"fern__2B", 12, {1, 4}, 2}, {"fern__4B", 12, {1, 4}, 6}}),
                                  rules(0.5, 3));
  const models::ThroughputType four{"a40", 4};
  CHECK(source.of({"fern__2B", 12}, four, {2, 2}).iteration_seconds == 4);
  CHECK(source.of({"fern__2B", 12}, four, {4, 1}).iteration_seconds == 8);
  CHECK(source.of({"fern__2B", 12}, four, {4, 1}).origin == ThroughputOrigin::derived);
  // The first larger size with a row decides: one step up, not the best of them.
  CHECK(source.of({"fern__1B", 12}, four, {1, 4}).iteration_seconds == doctest::Approx(2.0 / 3));
}

TEST_CASE("rules are never combined: a smaller model needs the larger one's exact row") {
  const MeasuredThroughput source(table({{"fern__2B", 12, {1, 4}, 2}}), rules(0.5, 3));
  CHECK_FALSE(source.of({"fern__1B", 12}, {"a40", 4}, {2, 2}).known());
}

TEST_CASE("the first row found decides, also where it says that nothing runs") {
  const auto rows = table({{"fern__1B", 12, {1, 2}, kNever},
                           {"fern__2B", 12, {1, 2}, 5},
                           {"fern__2B", 12, {2, 2}, 301},
                           {"fern__4B", 12, {2, 2}, 5}});
  const MeasuredThroughput source(rows, rules(0.5, 3, 300));
  const Throughput never = source.of({"fern__1B", 12}, kA40, {1, 2});
  CHECK_FALSE(never.feasible());
  CHECK(never.known());
  const Throughput slow = source.of({"fern__2B", 12}, kA40, {2, 2});
  CHECK_FALSE(slow.feasible());
  CHECK(slow.origin == ThroughputOrigin::measured);
  // The limit is on the row, before any factor.
  CHECK(source.of({"fern__2B", 12}, kA40, {2, 1}).iteration_seconds == 10);
}

TEST_CASE("other batches are interpolated, and accumulated above the largest") {
  MeasuredRules other;
  other.other_batches = true;
  const MeasuredThroughput source(
      table({{"fern", 10, {1, 1}, 1}, {"fern", 30, {1, 1}, 2}, {"fern", 40, {1, 1}, kNever}}),
      other);
  const auto seconds = [&](std::int64_t batch) {
    return source.of({"fern", batch}, kA40, {1, 1}).iteration_seconds;
  };
  CHECK(seconds(10) == 1);
  CHECK(seconds(20) == 1.5);
  CHECK(seconds(40) == kNever);                                // a row of its own
  CHECK(seconds(60) == 4);                                     // two parts of 30
  CHECK(seconds(61) == doctest::Approx(3 * (1 + 11.0 / 20)));  // three of 21
  CHECK_FALSE(source.of({"fern", 9}, kA40, {1, 1}).known());
  CHECK(source.of({"fern", 20}, kA40, {1, 1}).origin == ThroughputOrigin::derived);
}

TEST_CASE("the first source that knows answers, and knowing that it cannot run is an answer") {
  const auto first = std::make_shared<MeasuredThroughput>(
      table({{"fern", 8, {1, 1}, 2}, {"reed", 8, {1, 1}, kNever}}), MeasuredRules{});
  const auto second = std::make_shared<MeasuredThroughput>(
      table({{"fern", 8, {1, 1}, 9}, {"reed", 8, {1, 1}, 9}, {"moss", 8, {1, 1}, 9}}),
      MeasuredRules{});
  const FirstThatKnows both({first, second});
  CHECK(both.of({"fern", 8}, kA40, {1, 1}).iteration_seconds == 2);
  CHECK_FALSE(both.of({"reed", 8}, kA40, {1, 1}).feasible());
  CHECK(both.of({"moss", 8}, kA40, {1, 1}).iteration_seconds == 9);
  CHECK_FALSE(both.of({"sedge", 8}, kA40, {1, 1}).known());
}

TEST_CASE("a throughput is the batch over the iteration time, an unknown batch one sample") {
  CHECK(models::throughput_of(2, 0, ThroughputOrigin::measured).samples_per_second == 0.5);
  CHECK_FALSE(models::throughput_of(0, 8, ThroughputOrigin::measured).known());
  CHECK_FALSE(models::throughput_of(kNever, 8, ThroughputOrigin::measured).feasible());
}
