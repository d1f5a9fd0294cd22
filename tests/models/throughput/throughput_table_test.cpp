#include <doctest/doctest.h>

#include <limits>

#include "models/throughput/throughput_table.hpp"
#include "models/throughput/throughputs.hpp"
#include "tests/models/throughput/never.hpp"

using namespace orrery;
using models::Locality;
using models::ThroughputTable;
using test::kNever;

namespace {

std::string refusal(ThroughputTable& table, double seconds) {
  try {
    table.add({"fern__1B", 8}, "a40", {1, 2}, seconds, {"table.csv", 7, 0, "seconds"});
  } catch (const base::Error& error) {
    CHECK(error.where().file == "table.csv");
    CHECK(error.where().line == 7);
    return error.sentence();
  }
  return "";
}

/// Answers by the count of questions, so that a second question shows.
class Counting final : public models::ThroughputSource {
 public:
  models::Throughput of(const models::TrainingTask&, const models::ThroughputType&,
                        Locality) const override {
    ++asked;
    return models::throughput_of(asked, 10, models::ThroughputOrigin::measured);
  }
  mutable int asked = 0;
};

}  // namespace

TEST_CASE("an iteration has a shortest time, and one that lasts for ever cannot run") {
  constexpr auto kMeasured = models::ThroughputOrigin::measured;
  const auto shortest = models::throughput_of(1e-300, 10, kMeasured);
  CHECK(shortest.iteration_seconds == 1e-9);
  CHECK(shortest.samples_per_second == 10 / 1e-9);
  CHECK(models::throughput_of(1e12, 10, kMeasured).feasible());
  const auto never = models::throughput_of(1.1e12, 10, kMeasured);
  CHECK_FALSE(never.feasible());
  CHECK(never.known());
}

TEST_CASE("a table holds each configuration once, and no time that is none") {
  ThroughputTable table;
  for (const double seconds : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), 0.9e-9, 1.1e12})
    CHECK(refusal(table, seconds).find("expected 1e-9 to 1e12") != std::string::npos);
  CHECK(refusal(table, 2) == "");
  CHECK(refusal(table, 2).find("stands twice") != std::string::npos);
  CHECK(refusal(table, kNever).find("stands twice") != std::string::npos);
  CHECK(table.rows() == 1);
  CHECK(table.find({"fern__1B", 8}, "a40", {1, 2}) == 2.0);
  CHECK_FALSE(table.find({"fern__1B", 8}, "a40", {2, 1}));
  CHECK_FALSE(table.find({"fern__1B", 16}, "a40", {1, 2}));
  CHECK_FALSE(table.find({"fern__1B", 8}, "a10", {1, 2}));
}

TEST_CASE("sizes of a family are in the order of their parameters, not of their names") {
  ThroughputTable table;
  for (const char* model : {"fern__13B", "fern__500M", "fern__2B", "moss__1B", "reed"})
    table.add({model, 8}, "a40", {1, 1}, 1, {});
  CHECK(table.larger_sizes("fern__500M") == std::vector<std::string>{"fern__2B", "fern__13B"});
  CHECK(table.larger_sizes("fern__1B") == std::vector<std::string>{"fern__2B", "fern__13B"});
  CHECK(table.larger_sizes("fern__13B").empty());
  CHECK(table.larger_sizes("reed").empty());
  CHECK(models::parse_model_name("fern__6.8B").parameters == 6.8e9);
  CHECK(models::parse_model_name("fern__big").family == "fern__big");
}

TEST_CASE("the batches around one without a row are those that can run") {
  ThroughputTable table;
  table.add({"fern", 8}, "a40", {1, 1}, 1, {});
  table.add({"fern", 32}, "a40", {1, 1}, 3, {});
  table.add({"fern", 64}, "a40", {1, 1}, kNever, {});
  const auto between = table.around({"fern", 16}, "a40", {1, 1});
  REQUIRE(between.below.has_value());
  REQUIRE(between.above.has_value());
  CHECK(between.below->batch_samples == 8);
  CHECK(between.above->iteration_seconds == 3);
  const auto beyond = table.around({"fern", 100}, "a40", {1, 1});
  CHECK(beyond.below->batch_samples == 32);
  CHECK_FALSE(beyond.above.has_value());
  CHECK_FALSE(table.around({"fern", 4}, "a40", {1, 1}).below.has_value());
  CHECK_FALSE(table.around({"fern", 16}, "a10", {1, 1}).below.has_value());
}

TEST_CASE("each question is passed on once, in powers of two or not") {
  const auto source = std::make_shared<Counting>();
  const models::Throughputs throughputs({{"fern", 10}, {"reed", 10}}, {{"a40", 2}, {"a10", 4}},
                                        source);
  const models::TaskId fern(0);
  const models::TaskId reed(1);
  CHECK(throughputs.of(fern, 0, {1, 2}).iteration_seconds == 1);
  CHECK(throughputs.of(reed, 0, {1, 2}).iteration_seconds == 2);
  CHECK(throughputs.of(fern, 1, {1, 2}).iteration_seconds == 3);
  CHECK(throughputs.of(fern, 0, {2, 1}).iteration_seconds == 4);
  CHECK(throughputs.of(fern, 0, {3, 1}).iteration_seconds == 5);
  CHECK(throughputs.of(fern, 0, {1, 3}).iteration_seconds == 6);
  CHECK(throughputs.of(fern, 0, {256, 4}).iteration_seconds == 7);
  for (int again = 0; again < 2; ++again) {
    CHECK(throughputs.of(fern, 0, {1, 2}).iteration_seconds == 1);
    CHECK(throughputs.of(fern, 0, {3, 1}).iteration_seconds == 5);
    CHECK(throughputs.of(fern, 0, {1, 3}).iteration_seconds == 6);
    CHECK(throughputs.of(fern, 0, {256, 4}).iteration_seconds == 7);
  }
  CHECK(source->asked == 7);
  // Eight GPUs are 4 nodes of two, or 2 of four.
  CHECK(throughputs.best(fern, 0, 8) == throughputs.of(fern, 0, {4, 2}));
  CHECK(throughputs.best(fern, 1, 8) == throughputs.of(fern, 1, {2, 4}));
}

TEST_CASE("the best locality is the fewest nodes of equal shares") {
  CHECK(models::best_locality(2, 4) == Locality{1, 2});
  CHECK(models::best_locality(4, 4) == Locality{1, 4});
  CHECK(models::best_locality(16, 4) == Locality{4, 4});
  CHECK(models::best_locality(6, 4) == Locality{2, 3});
  CHECK(models::best_locality(5, 4) == Locality{5, 1});
}
