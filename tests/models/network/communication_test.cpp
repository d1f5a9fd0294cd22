#include "models/network/communication.hpp"

#include <doctest/doctest.h>

namespace orrery::models {
namespace {

const base::Where kWhere{"parts.csv", 2, 1, ""};

CommunicationTable table() {
  CommunicationTable out;
  out.add({"bert__1.3B", 128}, "a40", {2, 2}, {{4, 1, 1}, 0.3, 0}, 5, kWhere);
  out.add({"bert__1.3B", 128}, "a40", {2, 2}, {{2, 1, 2}, 0.1, 0.2}, 4, kWhere);
  out.add({"bert__1.3B", 128}, "a40", {2, 2}, {{1, 4, 1}, 0.6, 0}, 6, kWhere);
  out.add({"bert__2.6B", 128}, "a40", {4, 2}, {{8, 1, 1}, 0.4, 0}, 4, kWhere);
  return out;
}

TEST_CASE("the fastest plan of a configuration gives its share") {
  const auto found = table().find({"bert__1.3B", 128}, "a40", {2, 2});
  REQUIRE(found);
  CHECK(found->plan == PlanShape{2, 1, 2});
  CHECK(found->within_stages == 0.1);
  CHECK(found->between_stages == 0.2);
}

TEST_CASE("as many GPUs elsewhere stand for a locality, a larger size for a model") {
  const auto spread = table().find({"bert__1.3B", 128}, "a40", {4, 1});
  REQUIRE(spread);
  CHECK(spread->plan == PlanShape{2, 1, 2});
  const auto smaller = table().find({"bert__760M", 128}, "a40", {4, 2});
  REQUIRE(smaller);
  CHECK(smaller->within_stages == 0.4);
  CHECK_FALSE(table().find({"bert__1.3B", 256}, "a40", {2, 2}));
  CHECK_FALSE(table().find({"bert__1.3B", 128}, "a10", {2, 2}));
  CHECK_FALSE(table().find({"bert__6.7B", 128}, "a40", {4, 2}));
  CHECK_FALSE(table().find({"moe__1.3B", 128}, "a40", {4, 2}));
}

TEST_CASE("what is not part of an iteration, or no plan of its GPUs, is refused") {
  CommunicationTable out;
  const TrainingTask task{"bert__1.3B", 128};
  CHECK_THROWS_AS(out.add(task, "a40", {2, 2}, {{4, 1, 1}, 0.7, 0.4}, 5, kWhere), base::Error);
  CHECK_THROWS_AS(out.add(task, "a40", {2, 2}, {{4, 1, 1}, -0.1, 0}, 5, kWhere), base::Error);
  CHECK_THROWS_AS(out.add(task, "a40", {2, 2}, {{2, 1, 1}, 0.1, 0}, 5, kWhere), base::Error);
  CHECK(out.rows() == 0);
}

TEST_CASE("where nothing is known all GPUs are one data-parallel ring") {
  const CommunicationShare share = data_parallel_share(6, 0.2);
  CHECK(share.plan == PlanShape{6, 1, 1});
  CHECK(share.within_stages == 0.2);
  CHECK(share.between_stages == 0);
}

}  // namespace
}  // namespace orrery::models
