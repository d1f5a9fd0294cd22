// Which round serves a job (docs/systems/crius.md, "Arrivals and rounds"), worked by hand.
#include <doctest/doctest.h>

#include "sim/worlds/training/arena/arena_arrivals.hpp"

using orrery::training::arena::serve_early;

namespace {

std::vector<double> served(const std::vector<double>& submitted) {
  orrery::workloads::TrainingWorkload workload;
  for (const double seconds : submitted) {
    workload.jobs.emplace_back();
    workload.jobs.back().submit_seconds = seconds;
  }
  serve_early(workload, 300);
  std::vector<double> out;
  for (const auto& job : workload.jobs) out.push_back(job.submit_seconds);
  return out;
}

}  // namespace

TEST_CASE("a job belongs to the round that begins before it, up to the round's very end") {
  // Zero is the first row's; (0, 300] is round 0, (300, 600] is round 1.
  CHECK(served({1000, 1000, 1001, 1299, 1300, 1301, 1600, 1601}) ==
        std::vector<double>{0, 0, 0, 0, 0, 300, 300, 600});
}

TEST_CASE("no job is served before the row above it") {
  CHECK(served({0, 1000, 10, 2000}) == std::vector<double>{0, 900, 900, 1800});
  CHECK(served({500, 0}) == std::vector<double>{0, 0});
  CHECK(served({}).empty());
}
