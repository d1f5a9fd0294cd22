// Both meanings of a share against every iteration played flow by flow: 64 jobs, two levels.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "models/base/statistics.hpp"
#include "models/network/contention.hpp"
#include "tests/models/network/flow_simulation.hpp"
#include "tests/models/network/progressive_filling.hpp"
#include "tests/models/network/two_level_fabric.hpp"

namespace orrery::models {
namespace {

struct Errors {
  std::vector<double> signed_errors;

  void add(const std::vector<double>& found, const std::vector<double>& wanted) {
    for (std::size_t j = 0; j < found.size(); ++j)
      signed_errors.push_back(found[j] / wanted[j] - 1);
  }
  double at(double fraction, bool absolute) const {
    std::vector<double> errors = signed_errors;
    if (absolute)
      for (double& error : errors) error = std::abs(error);
    return base::quantile(std::move(errors), fraction);
  }
  std::string text() const {
    return fmt::format("median {:.1f} %, p90 {:.1f} %, worst {:.0f} % (signed median {:+.1f} %)",
                       100 * at(0.5, true), 100 * at(0.9, true), 100 * at(1, true),
                       100 * at(0.5, false));
  }
};

TEST_CASE("shared iteration times of 64 jobs against a flow simulation of every iteration") {
  for (const double over : {1.0, 2.0, 4.0, 8.0}) {
    Errors duty;
    Errors always;
    double slowdown = 0;
    std::size_t count = 0;
    for (const bool scattered : {false, true}) {
      const testing::TwoLevelFabric fabric(256, 16, 12.5e9, over);
      const std::uint64_t seed = 7;
      const auto jobs = testing::random_jobs(fabric, 64, scattered, seed);
      std::vector<const std::vector<Crossing>*> flows;
      for (const JobTraffic& job : jobs) flows.push_back(&job.phases[0].crossings);
      const auto rates = testing::max_min_rates(fabric.capacity, flows);
      std::vector<SharedJob> shared;
      for (std::size_t j = 0; j < jobs.size(); ++j) shared.push_back({&jobs[j], rates[j]});
      const auto wanted = testing::simulated_iteration_seconds(jobs, fabric.capacity, 60, seed);
      duty.add(shared_iteration_seconds(Contention::duty, shared, fabric.capacity), wanted);
      always.add(shared_iteration_seconds(Contention::always, shared, fabric.capacity), wanted);
      for (std::size_t j = 0; j < jobs.size(); ++j)
        slowdown += wanted[j] / alone_iteration_seconds(jobs[j], fabric.capacity);
      count += jobs.size();
    }
    fmt::print("{:.0f}:1, {} jobs, mean slowdown {:.2f}: duty {}\n", over, count,
               slowdown / static_cast<double>(count), duty.text());
    fmt::print("{:.0f}:1, the same jobs: always {}\n", over, always.text());
    CHECK(duty.at(0.5, true) < 0.10);
    CHECK(duty.at(0.9, true) < 0.20);
  }
}

}  // namespace
}  // namespace orrery::models
