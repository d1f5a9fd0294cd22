// Where each statistic comes from:
// - mean_interarrival_seconds 101: README of msr-fiddle/philly-traces, 117,325 jobs submitted from
//   2017-08-07 to 2017-12-22 (137 days).
// - duration_median_seconds 1580, duration_sigma 1.85: median and standard deviation of the
//   logarithm, measured on 64,223 jobs of the public condensed trace (CC-BY-4.0). That the
//   durations are lognormal and do not depend on the number of GPUs is ours; the measured
//   tail is heavier (99th percentile 255,473 s, the lognormal's is 117,000 s).
// - kGpuShares, 1 to 8 GPUs: "the Philly distribution" of the trace generator published with Gavel
//   (OSDI 2020): 70, 10, 15 and 5 %. 16 and 32 GPUs: their shares of the 53,655 Philly-derived
//   jobs of Gavel's published traces, measured. 64 GPUs: ours.
// - kHourlyArrivals: jobs by hour of the day in the same condensed trace, measured; 1 is the mean.
// - Shares of virtual clusters (proportional to 1/rank): ours.
#include "workloads/philly_generator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "models/base/error.hpp"
#include "models/base/parameters.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"

namespace orrery::workloads {

namespace {

struct GpuShare {
  std::int32_t gpus;
  double weight;
};
constexpr std::array<GpuShare, 7> kGpuShares{{{1, 0.70},
                                              {2, 0.10},
                                              {4, 0.15},
                                              {8, 0.05},
                                              {16, 390.0 / 53655},
                                              {32, 40.0 / 53655},
                                              {64, 10.0 / 53655}}};

constexpr std::array<double, 24> kHourlyArrivals{1.35, 1.01, 1.17, 1.16, 0.63, 1.20, 1.83, 2.35,
                                                 1.11, 1.02, 1.02, 0.82, 0.69, 0.63, 0.59, 0.59,
                                                 0.86, 0.58, 0.75, 0.64, 1.04, 0.90, 1.06, 1.00};
constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;

/// Arrivals of a Poisson process whose rate follows the hour of the day, by rescaling time: gaps
/// are exponential in units of "mean interarrivals passed".
class Arrivals {
 public:
  Arrivals(const PhillyGenerator& options, std::uint64_t seed)
      : stream_(seed, "philly/arrivals"), mean_(options.mean_interarrival_seconds) {
    rates_ = kHourlyArrivals;
    if (!options.daily_cycle) rates_.fill(1);
    double sum = 0;
    for (const double rate : rates_) sum += rate;
    for (double& rate : rates_) rate *= 24 / sum;
  }

  double next() {
    double left = stream_.exponential(1) * mean_;  // seconds at the mean rate
    // A whole day passes exactly one day at the mean rate, whatever its hour of beginning.
    const double days = std::floor(left / kDay);
    now_ += days * kDay;
    left -= days * kDay;
    for (;;) {
      const double hour = std::floor(now_ / kHour);
      const double rate = rates_[static_cast<std::size_t>(std::fmod(hour, 24))];
      const double hour_end = (hour + 1) * kHour;
      const double passed = (hour_end - now_) * rate;
      if (left <= passed) return now_ = std::min(now_ + left / rate, hour_end);
      left -= passed;
      now_ = hour_end;
    }
  }

 private:
  base::RandomStream stream_;
  double mean_;
  std::array<double, 24> rates_{};
  double now_ = 0;
};

std::vector<double> virtual_cluster_weights(std::int32_t count) {
  std::vector<double> weights;
  for (std::int32_t i = 0; i < count; ++i) weights.push_back(1.0 / (i + 1));
  return weights;
}

}  // namespace

base::Declaration<PhillyGenerator> declare(const PhillyGenerator*) {
  base::Declaration<PhillyGenerator> d(
      "Jobs like those of Microsoft's Philly clusters, drawn from published statistics.");
  d.integer("jobs", &PhillyGenerator::jobs, "how many jobs").at_least(1).at_most(10e6);
  d.number("mean_interarrival", &PhillyGenerator::mean_interarrival_seconds, base::Dimension::time,
           "mean time between two submits")
      .at_least(1e-6)
      .at_most(1e9);
  d.number("duration_median", &PhillyGenerator::duration_median_seconds, base::Dimension::time,
           "median of the durations")
      .at_least(1e-6)
      .at_most(1e9);
  d.number("duration_sigma", &PhillyGenerator::duration_sigma, base::Dimension::none,
           "standard deviation of the durations' natural logarithm")
      .at_least(0)
      .at_most(10);
  d.number("duration_limit", &PhillyGenerator::duration_limit_seconds, base::Dimension::time,
           "durations are cut off here")
      .at_least(1)
      .at_most(1e9);
  d.integer("largest_gpus", &PhillyGenerator::largest_gpus,
            "no job asks for more GPUs; the shares of larger jobs go to the rest")
      .at_least(1);
  d.integer("virtual_clusters", &PhillyGenerator::virtual_clusters,
            "jobs belong to so many virtual clusters, vc0 the busiest; with 1 to none")
      .at_least(1)
      .at_most(1000);
  d.boolean("daily_cycle", &PhillyGenerator::daily_cycle,
            "arrivals follow the hours of the day, else they are even");
  return d;
}

TrainingWorkload generate(const PhillyGenerator& options, std::uint64_t seed) {
  TrainingWorkload workload;
  workload.source = "generated Philly-like jobs";
  Arrivals arrivals(options, seed);
  base::RandomStream sizes(seed, "philly/gpus");
  base::RandomStream durations(seed, "philly/durations");
  base::RandomStream clusters(seed, "philly/virtual clusters");

  std::vector<double> size_weights;
  for (const GpuShare& share : kGpuShares)
    if (share.gpus <= options.largest_gpus) size_weights.push_back(share.weight);
  const auto cluster_weights = virtual_cluster_weights(options.virtual_clusters);
  const double mu = base::portable_log(options.duration_median_seconds);

  std::int64_t cut = 0;
  workload.jobs.reserve(static_cast<std::size_t>(options.jobs));
  for (std::int64_t i = 0; i < options.jobs; ++i) {
    TrainingJob job;
    job.id = "job-" + std::to_string(i + 1);
    // Whole seconds, as in the traces.
    job.submit_seconds = std::floor(arrivals.next());
    const double drawn = durations.lognormal(mu, options.duration_sigma);
    if (drawn > options.duration_limit_seconds) ++cut;
    job.duration_seconds =
        std::max(1.0, std::round(std::min(drawn, options.duration_limit_seconds)));
    job.gpus = kGpuShares[sizes.weighted(size_weights)].gpus;
    if (options.virtual_clusters > 1) {
      const std::size_t cluster = clusters.weighted(cluster_weights);
      job.virtual_cluster = workload.names.intern("vc" + std::to_string(cluster));
    }
    workload.jobs.push_back(std::move(job));
  }
  if (cut > 0) {
    workload.notes.push_back(std::to_string(cut) +
                             " durations were cut off at the generator's limit");
  }
  return workload;
}

}  // namespace orrery::workloads
