// Progress at changing speeds, with checkpoints, against a run played piece by piece.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "models/base/random.hpp"
#include "sim/worlds/training/job_status.hpp"

namespace orrery::training {
namespace {

// Alternates computing and writing; knows only what happens next.
struct Played {
  double every, write;
  double left, saved_left, speed;
  double in_piece = 0;  // seconds into the computing or the writing
  bool writing = false;
  double now = 0;

  void run_until(double end) {
    while (now < end) {
      const double piece = writing ? write : every;
      double step = std::min(end - now, piece - in_piece);
      if (!writing) step = std::min(step, left / speed);
      if (!writing) left -= step * speed;
      in_piece += step;
      now += step;
      if (left <= 1e-12) return;
      if (in_piece < piece - 1e-12) continue;
      in_piece = 0;
      if (writing) saved_left = left;
      writing = !writing;
    }
  }
};

JobStatus running(double work, double speed, double every, double write) {
  JobStatus status;
  status.state = JobState::running;
  status.work_left_seconds = work;
  status.speed = speed;
  status.checkpoint_every_seconds = every;
  status.checkpoint_write_seconds = write;
  return status;
}

TEST_CASE("progress and checkpoints at changing speeds are those of a run played piece by piece") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "speeds");
    const double every = 5 + 20 * random.uniform();
    const double write = seed % 3 == 0 ? 0 : 4 * random.uniform();
    const double work = 300 + 100 * random.uniform();
    JobStatus status = running(work, 1, every, write);
    Played played{every, write, work, work, 1};
    double now = 0;
    for (int change = 0; change < 12; ++change) {
      now += 25 * random.uniform();
      played.run_until(now);
      REQUIRE(played.left > 1e-9);
      CHECK(status.remaining_at(now) == doctest::Approx(played.left).epsilon(1e-9));
      CHECK(status.durable_left_at(now) == doctest::Approx(played.saved_left).epsilon(1e-9));
      const double speed = 0.3 + random.uniform();
      status.change_speed(now, speed);
      played.speed = speed;
      CHECK(status.remaining_at(now) == doctest::Approx(played.left).epsilon(1e-9));
      CHECK(status.durable_left_at(now) == doctest::Approx(played.saved_left).epsilon(1e-9));
    }
    const double end = now + status.run_seconds();
    played.run_until(1e9);
    CHECK(played.now == doctest::Approx(end).epsilon(1e-9));
  }
}

TEST_CASE("without checkpoints a failure after a change of speed loses the whole run in hand") {
  JobStatus status = running(100, 1, std::numeric_limits<double>::infinity(), 0);
  status.change_speed(30, 0.5);
  status.change_speed(50, 2);
  CHECK(status.remaining_at(55) == doctest::Approx(100 - 30 - 10 - 10));
  CHECK(status.durable_left_at(55) == doctest::Approx(100));
  CHECK(50 + status.run_seconds() == doctest::Approx(80));
}

}  // namespace
}  // namespace orrery::training
