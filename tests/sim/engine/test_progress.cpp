#include <doctest/doctest.h>

#include <cstdio>
#include <limits>

#include "sim/engine/progress.hpp"

namespace orrery::engine {
namespace {

TEST_CASE("the progress text predicts the rest from the rate so far") {
  CHECK(progress_text("fifo", 0.25, 1000, 30) == "fifo  25 %, 1000 events, 30 s, about 90 s left");
  CHECK(progress_text("fifo", 0.5, 7, 7200) == "fifo  50 %, 7 events, 2 h, about 2 h left");
}

TEST_CASE("only a finished run shows 100 %, and odd fractions are tamed") {
  CHECK(progress_text("x", 0.9999, 1, 1).starts_with("x  99 %"));
  CHECK(progress_text("x", 1, 1, 1) == "x 100 %, 1 events, 1 s");
  CHECK(progress_text("x", 7, 1, 1).starts_with("x 100 %"));
  CHECK(progress_text("x", -1, 1, 1).starts_with("x   0 %"));
  CHECK(progress_text("x", std::numeric_limits<double>::quiet_NaN(), 1, 1).starts_with("x   0 %"));
}

TEST_CASE("nothing is written, and the fraction never asked for, where there is no terminal") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    ProgressLine line(
        "x",
        [](const Progress&) -> double {
          FAIL("asked");
          return 0;
        },
        file);
    line.update({1, 1});
  }
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
}

}  // namespace
}  // namespace orrery::engine
