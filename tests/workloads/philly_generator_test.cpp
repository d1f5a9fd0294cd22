#include "workloads/philly_generator.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "models/base/document.hpp"
#include "models/base/error.hpp"
#include "models/base/parameters.hpp"
#include "workloads/workload_statistics.hpp"

using namespace orrery;
using workloads::PhillyGenerator;
using workloads::TrainingWorkload;

namespace {

bool same(const TrainingWorkload& a, const TrainingWorkload& b) {
  if (a.jobs.size() != b.jobs.size()) return false;
  for (std::size_t i = 0; i < a.jobs.size(); ++i) {
    const auto& x = a.jobs[i];
    const auto& y = b.jobs[i];
    if (x.id != y.id || x.submit_seconds != y.submit_seconds || x.gpus != y.gpus ||
        x.duration_seconds != y.duration_seconds ||
        a.names.text(x.virtual_cluster) != b.names.text(y.virtual_cluster))
      return false;
  }
  return true;
}

/// Four standard errors of a share `p` counted over `n` draws.
double four_sigma(double p, double n) {
  return 4 * std::sqrt(p * (1 - p) / n);
}

}  // namespace

TEST_CASE("same options and seed give the same jobs, another seed gives others") {
  PhillyGenerator options;
  options.virtual_clusters = 3;
  const TrainingWorkload a = workloads::generate(options, 5);
  CHECK(same(a, workloads::generate(options, 5)));
  CHECK_FALSE(same(a, workloads::generate(options, 6)));
  CHECK_NOTHROW(workloads::check(a));
  CHECK(a.jobs.size() == 1000);
  // More jobs only append: a longer run begins like a shorter one.
  options.jobs = 1500;
  TrainingWorkload longer = workloads::generate(options, 5);
  longer.jobs.resize(1000);
  CHECK(same(a, longer));
  // A consumer of random numbers of its own: sizes do not change with the durations' shape.
  options.jobs = 1000;
  options.duration_sigma = 1;
  const TrainingWorkload narrow = workloads::generate(options, 5);
  for (std::size_t i = 0; i < 1000; ++i) {
    REQUIRE(narrow.jobs[i].gpus == a.jobs[i].gpus);
    REQUIRE(narrow.jobs[i].submit_seconds == a.jobs[i].submit_seconds);
  }
}

TEST_CASE("shares of GPU counts are the published ones within sampling error") {
  PhillyGenerator options;
  options.jobs = 40000;
  std::map<int, double> count;
  for (const auto& job : workloads::generate(options, 11).jobs) count[job.gpus] += 1;
  // 70, 10, 15 and 5 % (Gavel's "Philly distribution"), 440 of 53,655 above 8 GPUs.
  const double all = 1 + 440.0 / 53655;
  const std::map<int, double> published = {{1, 0.70}, {2, 0.10},           {4, 0.15},
                                           {8, 0.05}, {16, 390.0 / 53655}, {32, 40.0 / 53655}};
  for (const auto& entry : published) {
    const auto& gpus = entry.first;
    const auto& weight = entry.second;
    CAPTURE(gpus);
    const double p = weight / all;
    CHECK(std::abs(count[gpus] / 40000 - p) < four_sigma(p, 40000));
  }
  options.largest_gpus = 4;
  std::map<int, double> small;
  for (const auto& job : workloads::generate(options, 11).jobs) small[job.gpus] += 1;
  CHECK(small.size() == 3);
  CHECK(std::abs(small[1] / 40000 - 0.70 / 0.95) < four_sigma(0.7, 40000));
}

TEST_CASE("durations are lognormal about the measured median and cut off at the limit") {
  PhillyGenerator options;
  options.jobs = 40000;
  const auto s = workloads::statistics(workloads::generate(options, 12));
  // The standard error of a median is 1.2533 sigma / sqrt(n) in the logarithm.
  const double error = 4 * 1.2533 * options.duration_sigma / std::sqrt(40000.0);
  CHECK(std::abs(std::log(s.duration_seconds.p50 / 1580)) < error);
  const double p90 = 1580 * std::exp(1.2815515655 * 1.85);
  CHECK(std::abs(std::log(s.duration_seconds.p90 / p90)) < 2 * error);
  CHECK(s.duration_seconds.max <= 60 * 86400);
  CHECK(s.duration_seconds.min >= 1);

  options.duration_limit_seconds = 2000;
  const TrainingWorkload cut = workloads::generate(options, 12);
  CHECK(workloads::statistics(cut).duration_seconds.max == 2000);
  REQUIRE(cut.notes.size() == 1);
  CHECK(cut.notes[0].find("cut off") != std::string::npos);
}

TEST_CASE("arrivals keep their mean and follow the hours of the day when asked to") {
  PhillyGenerator options;
  options.jobs = 40000;
  for (const bool cycle : {true, false}) {
    CAPTURE(cycle);
    options.daily_cycle = cycle;
    const TrainingWorkload w = workloads::generate(options, 13);
    double last = 0;
    double by_hour[24] = {};
    for (const auto& job : w.jobs) {
      REQUIRE(job.submit_seconds >= last);
      last = job.submit_seconds;
      by_hour[static_cast<int>(last / 3600) % 24] += 24.0 / 40000;
    }
    // Forty-seven days: the mean over whole days is the option's, to 4 / sqrt(40000).
    CHECK(std::abs(last / 40000 / 101 - 1) < 0.025);
    // Measured in the public trace: hour 7 has 2.35 times the mean, hour 17 has 0.58 times.
    const double want_7 = cycle ? 2.35 : 1;
    const double want_17 = cycle ? 0.58 : 1;
    CHECK(std::abs(by_hour[7] - want_7) < 0.15 * want_7);
    CHECK(std::abs(by_hour[17] - want_17) < 0.15 * want_17);
  }
}

TEST_CASE("gaps of many days cost no more than short ones") {
  PhillyGenerator options;
  options.jobs = 1000;
  options.mean_interarrival_seconds = 1e9;
  const auto w = workloads::generate(options, 1);
  CHECK(w.jobs.back().submit_seconds / 1000 == doctest::Approx(1e9).epsilon(0.13));
}

TEST_CASE("virtual clusters share the jobs as 1 to 1/2 to 1/3") {
  PhillyGenerator options;
  options.jobs = 20000;
  options.virtual_clusters = 3;
  const auto s = workloads::statistics(workloads::generate(options, 14));
  REQUIRE(s.virtual_clusters.size() == 3);
  const double total = 1 + 0.5 + 1.0 / 3;
  for (std::size_t i = 0; i < 3; ++i) {
    const double p = 1.0 / (static_cast<double>(i) + 1) / total;
    CHECK(s.virtual_clusters[i].name == "vc" + std::to_string(i));
    CHECK(std::abs(static_cast<double>(s.virtual_clusters[i].jobs) / 20000 - p) <
          four_sigma(p, 20000));
  }
  options.virtual_clusters = 1;
  CHECK(workloads::generate(options, 14).jobs[0].virtual_cluster.is_none());
}

TEST_CASE("options are read with units and limits") {
  const auto read = [](const std::string& yaml) {
    return base::read<PhillyGenerator>(base::parse_yaml(yaml, "options"));
  };
  const PhillyGenerator options = read("{jobs: 10, mean_interarrival: 2 min, duration_limit: 1 h}");
  CHECK(options.jobs == 10);
  CHECK(options.mean_interarrival_seconds == 120);
  CHECK(options.duration_limit_seconds == 3600);
  for (const char* yaml : {"jobs: 0", "jobs: 100000000", "mean_interarrival: 0 s",
                           "mean_interarrival: 5", "duration_median: -1 s", "duration_sigma: -1",
                           "largest_gpus: 0", "virtual_clusters: 0", "job: 5"}) {
    CAPTURE(yaml);
    CHECK_THROWS_AS(read(yaml), base::Error);
  }
}
