// The signs of disturbance: in words, and as this system tells them.
#include "calibrate/timing/watch.hpp"

#include <doctest/doctest.h>
#include <sched.h>

#include <atomic>
#include <thread>

#include "calibrate/device/threads.hpp"

using namespace orrery::calibrate;

TEST_CASE("a run is disturbed by a switch, by a wait that counts, and by steal") {
  CHECK(disturbance({1e-3, {0, 0}}, 0).empty());
  CHECK(disturbance({1e-3, {2, 0}}, 0) == "switched");
  CHECK(disturbance({1e-3, {0, 0.9e-5}}, 0).empty());
  CHECK(disturbance({1e-3, {0, 1.1e-5}}, 0) == "waited");
  CHECK(disturbance({1e-3, {0, 0}}, 0.01) == "stolen");
  CHECK(disturbance({1e-3, {1, 1e-3}}, 0.01) == "switched waited stolen");
}

TEST_CASE("threads side by side take as long as the slowest and lose what all lose") {
  const RunTime both = slowest({1e-3, {1, 2e-3}}, {3e-3, {2, 1e-3}});
  CHECK(both.seconds == 3e-3);
  CHECK(both.lost.switches == 3);
  CHECK(both.lost.waited_seconds == doctest::Approx(3e-3));
}

TEST_CASE("a thread that shares its processor with a busy one is seen to lose it") {
  const OnProcessor here(two_processors().first);
  std::atomic<bool> ended = false;
  std::thread busy([&] {
    const OnProcessor same(two_processors().first);
    while (!ended) {
    }
  });
  // Until it shows, or so long that it never will.
  RunTime run;
  const double begun = wall_seconds();
  while (run.lost.switches == 0 && wall_seconds() - begun < 60) {
    const ThreadTimer timer;
    while (timer.stop().seconds < 0.02) {
    }
    run = timer.stop();
  }
  ended = true;
  busy.join();
  CHECK(run.lost.switches > 0);
  CHECK(run.seconds >= 0.02);
  CHECK_FALSE(disturbance(run, 0).empty());
}

TEST_CASE("the yardstick is a piece of work with a time, and steal only grows") {
  const Watch watch = system_watch();
  CHECK(watch.yardstick() > 0);
  const double before = watch.stolen();
  CHECK(before >= 0);
  CHECK(watch.stolen() >= before);
}
