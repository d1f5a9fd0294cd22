// Queueing theory as a judge: waits of M/M/c and M/D/1, Little's law, the utilisation law.
//
// Waits are autocorrelated, so each mean is taken over 30 independent replications, whose standard
// error must be at most 1 % of the mean for the comparison to say anything.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <functional>

#include "models/base/random.hpp"
#include "tests/sim/worlds/training/scenario.hpp"

using orrery::base::RandomStream;
using orrery::test::Outcome;
using orrery::test::Scenario;

namespace {

struct Estimate {
  double mean = 0;
  double standard_error = 0;
};

/// Mean wait of one-GPU jobs with Poisson arrivals on `servers` GPUs, after a warm-up.
Estimate mean_wait(int servers, double arrivals_per_second,
                   const std::function<double(RandomStream&)>& service) {
  constexpr int kReplications = 30;
  constexpr std::size_t kJobs = 60000;
  constexpr std::size_t kWarmUp = 4000;
  double sum = 0;
  double squares = 0;
  for (std::uint64_t seed = 1; seed <= kReplications; ++seed) {
    RandomStream arrivals(seed, "arrivals");
    RandomStream services(seed, "services");
    Scenario scenario;
    scenario.node_group(1, servers).with("fifo");
    double now = 0;
    for (std::size_t j = 0; j < kJobs; ++j) {
      now += arrivals.exponential(1 / arrivals_per_second);
      scenario.job(now, 1, service(services));
    }
    const Outcome outcome = orrery::test::simulate(scenario);
    double wait = 0;
    for (std::size_t j = kWarmUp; j < kJobs; ++j)
      wait += outcome.start[j] - scenario.workload.jobs[j].submit_seconds;
    wait /= static_cast<double>(kJobs - kWarmUp);
    sum += wait;
    squares += wait * wait;
  }
  const double mean = sum / kReplications;
  const double variance = (squares - sum * mean) / (kReplications - 1);
  return {mean, std::sqrt(variance / kReplications)};
}

void judge(const char* name, const Estimate& estimate, double theory) {
  const double error = estimate.mean / theory - 1;
  std::printf("%s: mean wait %.5f s, theory %.5f s, off %+.2f %%, standard error %.2f %%\n", name,
              estimate.mean, theory, 100 * error, 100 * estimate.standard_error / estimate.mean);
  CHECK(estimate.standard_error <= 0.01 * estimate.mean);
  CHECK(std::abs(estimate.mean - theory) <= 3 * estimate.standard_error);
}

/// Erlang's C: the mean wait of M/M/c.
double erlang_c_wait(int servers, double arrivals, double service_rate) {
  const double load = arrivals / service_rate;
  double blocking = 1;  // Erlang B, by its recursion
  for (int c = 1; c <= servers; ++c) blocking = load * blocking / (c + load * blocking);
  const double utilisation = load / servers;
  const double delayed = blocking / (1 - utilisation * (1 - blocking));
  return delayed / (servers * service_rate - arrivals);
}

Scenario random_cluster(std::uint64_t seed, const std::string& policy) {
  RandomStream random(seed, "laws");
  Scenario scenario;
  scenario.node_group(3, 8).with(policy);
  double now = 0;
  for (int j = 0; j < 150; ++j) {
    now += random.exponential(20);
    scenario.job(now, 1 << random.below(5), random.lognormal(5, 1));
  }
  return scenario;
}

}  // namespace

TEST_CASE("M/M/4 at 70 % load waits as Erlang C says" * doctest::test_suite("accuracy")) {
  const double arrivals = 0.7 * 4;
  judge("M/M/4, load 0.7",
        mean_wait(4, arrivals, [](RandomStream& random) { return random.exponential(1); }),
        erlang_c_wait(4, arrivals, 1));
}

TEST_CASE("M/M/1 at 60 % load waits as Erlang C says" * doctest::test_suite("accuracy")) {
  judge("M/M/1, load 0.6",
        mean_wait(1, 0.6, [](RandomStream& random) { return random.exponential(1); }),
        erlang_c_wait(1, 0.6, 1));
}

TEST_CASE("M/D/1 at 70 % load waits as Pollaczek and Khinchine say" *
          doctest::test_suite("accuracy")) {
  judge("M/D/1, load 0.7", mean_wait(1, 0.7, [](RandomStream&) { return 1.0; }),
        0.7 / (2 * (1 - 0.7)));
}

TEST_CASE("Little's law and the utilisation law hold on every run, under every policy") {
  for (const auto* policy : orrery::training::policies()) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      INFO(policy->name, " seed ", seed);
      const Scenario scenario = random_cluster(seed, policy->name);
      const Outcome outcome = orrery::test::simulate(scenario);
      REQUIRE(outcome.all_done);
      using Kind = orrery::training::ClusterEvent::Kind;
      // Jobs in the system, integrated over time from the events, against the sum of stays.
      double area = 0;
      double last = 0;
      int inside = 0;
      for (const auto& event : outcome.events) {
        area += inside * (event.seconds - last);
        last = event.seconds;
        if (event.kind == Kind::submitted) ++inside;
        if (event.kind == Kind::finished) --inside;
      }
      double stays = 0;
      double demand = 0;
      for (std::size_t j = 0; j < outcome.finish.size(); ++j) {
        const auto& job = scenario.workload.jobs[j];
        stays += outcome.finish[j] - job.submit_seconds;
        demand += job.gpus * job.duration_seconds;
      }
      CHECK(inside == 0);
      CHECK(area == doctest::Approx(stays).epsilon(1e-9));
      CHECK(outcome.held_gpu_seconds() == doctest::Approx(demand).epsilon(1e-9));
    }
  }
}
