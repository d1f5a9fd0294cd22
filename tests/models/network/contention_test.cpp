// Closed forms of shared iteration times.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "models/network/contention.hpp"
#include "tests/models/network/progressive_filling.hpp"
#include "tests/models/network/two_level_fabric.hpp"

namespace orrery::models {
namespace {

using Seconds = std::vector<double>;

Seconds shared(Contention contention, const std::vector<JobTraffic>& jobs,
               const std::vector<double>& capacity) {
  std::vector<const std::vector<Crossing>*> flows;
  for (const JobTraffic& job : jobs)
    flows.push_back(&job.phases[longest_phase(job, capacity)].crossings);
  const std::vector<double> rates = testing::max_min_rates(capacity, flows);
  std::vector<SharedJob> shared;
  for (std::size_t j = 0; j < jobs.size(); ++j) shared.push_back({&jobs[j], rates[j]});
  return shared_iteration_seconds(contention, shared, capacity);
}

constexpr std::array kBoth = {Contention::duty, Contention::always};

TEST_CASE("jobs that communicate always on one link take twice their time, in seconds") {
  const std::vector<double> capacity{12.5e9};
  const std::vector<JobTraffic> jobs(2, {0, {{25e9, {{0, 1}}}}});
  for (const Contention contention : kBoth) {
    const Seconds seconds = shared(contention, jobs, capacity);
    CHECK(seconds[0] == doctest::Approx(4).epsilon(1e-12));
    CHECK(seconds[1] == doctest::Approx(4).epsilon(1e-12));
  }
}

TEST_CASE("always-communicating jobs over two links have 1/3, 1/3 and 2/3 of them, in seconds") {
  const std::vector<double> capacity{1, 1};
  const std::vector<JobTraffic> jobs{
      {0, {{1, {{0, 2}}}}}, {0, {{1, {{0, 1}, {1, 1}}}}}, {0, {{1, {{1, 1}}}}}};
  for (const Contention contention : kBoth) {
    const Seconds seconds = shared(contention, jobs, capacity);
    CHECK(seconds[0] == doctest::Approx(3).epsilon(1e-5));
    CHECK(seconds[1] == doctest::Approx(3).epsilon(1e-5));
    CHECK(seconds[2] == doctest::Approx(1.5).epsilon(1e-5));
  }
}

TEST_CASE("two equal jobs solve the quadratic of their duty") {
  // T = 1 + v (1 + d) with d = v (1 + d) / T on a link of 1: for v = 1, d (2 + d) = 1 + d.
  const std::vector<JobTraffic> jobs(2, {1, {{1, {{0, 1}}}}});
  const double d = (std::sqrt(5.0) - 1) / 2;
  const Seconds duty = shared(Contention::duty, jobs, {1});
  CHECK(duty[0] == doctest::Approx(2 + d).epsilon(1e-5));
  CHECK(duty[1] == doctest::Approx(2 + d).epsilon(1e-5));
  CHECK(shared(Contention::always, jobs, {1})[0] == doctest::Approx(3).epsilon(1e-12));
}

TEST_CASE("who meets nobody runs as if alone, to the last bit") {
  const std::vector<double> capacity{3e9, 7e9, 1e9};
  const JobTraffic first{0.3, {{1e8, {{0, 3}, {1, 1}}}, {7e7, {{1, 2}}}}};
  const JobTraffic second{0.1, {{1e9, {{2, 1}}}}};
  for (const Contention contention : kBoth) {
    const Seconds seconds = shared(contention, {first, second}, capacity);
    CHECK(seconds[0] == alone_iteration_seconds(first, capacity));
    CHECK(seconds[1] == alone_iteration_seconds(second, capacity));
  }
}

TEST_CASE("a neighbour that another link holds back takes no more than it gets there") {
  // The second job may use a tenth of the first link, always.
  const std::vector<double> capacity{1, 0.1};
  const std::vector<JobTraffic> jobs{{0, {{1, {{0, 1}}}}}, {0, {{1, {{0, 1}, {1, 1}}}}}};
  for (const Contention contention : kBoth) {
    const Seconds seconds = shared(contention, jobs, capacity);
    CHECK(seconds[0] == doctest::Approx(1 / 0.9).epsilon(1e-5));
    CHECK(seconds[1] == doctest::Approx(10).epsilon(1e-5));
  }
}

TEST_CASE("nobody is faster beside others, and the fixed point settles on random fabrics") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const double over = static_cast<double>(1 << (seed % 4));
    const testing::TwoLevelFabric fabric(64, 8, 12.5e9, over);
    const auto jobs = testing::random_jobs(fabric, 8 + seed, seed % 2 == 0, seed);
    std::vector<const std::vector<Crossing>*> flows;
    for (const JobTraffic& job : jobs) flows.push_back(&job.phases[0].crossings);
    const auto rates = testing::max_min_rates(fabric.capacity, flows);
    std::vector<SharedJob> beside;
    for (std::size_t j = 0; j < jobs.size(); ++j) beside.push_back({&jobs[j], rates[j]});
    DutyRounds rounds;
    const Seconds seconds = duty_iteration_seconds(beside, fabric.capacity, &rounds);
    CHECK(rounds.converged);
    bool slower = true;
    for (std::size_t j = 0; j < jobs.size(); ++j)
      slower =
          slower && seconds[j] >= alone_iteration_seconds(jobs[j], fabric.capacity) * (1 - 1e-12);
    CHECK(slower);
  }
}

}  // namespace
}  // namespace orrery::models
