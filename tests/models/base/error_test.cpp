#include "models/base/error.hpp"

#include <doctest/doctest.h>

using namespace orrery::base;

TEST_CASE("a place is written from what is known of it") {
  CHECK(to_string(Where{"a.yaml", 3, 7, "policy.name"}) == "a.yaml:3:7: policy.name");
  CHECK(to_string(Where{"a.csv", 3, 0, "gpus"}) == "a.csv:3: gpus");
  CHECK(to_string(Where{"a.csv", 0, 5, ""}) == "a.csv");
  CHECK(to_string(Where{"", 3, 7, ""}) == "line 3:7");
  CHECK(to_string(Where{"", 0, 0, "seed"}) == "seed");
  CHECK(to_string(Where{}).empty());
}

TEST_CASE("an error says its place and its sentence") {
  const Error placed({"a.yaml", 1, 2, "seed"}, "is odd", Fault::run_failed);
  CHECK(std::string(placed.what()) == "a.yaml:1:2: seed: is odd");
  CHECK(placed.sentence() == "is odd");
  CHECK(placed.where() == Where{"a.yaml", 1, 2, "seed"});
  CHECK(placed.fault() == Fault::run_failed);
  const Error bare({}, "is odd");
  CHECK(std::string(bare.what()) == "is odd");
  CHECK(bare.fault() == Fault::bad_input);
}
