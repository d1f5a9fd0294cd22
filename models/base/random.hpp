// Named streams of random numbers with distributions of our own: the standard library's differ
// between implementations, and a run must give the same bytes everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace orrery::base {

/// xoshiro256** seeded from (seed, name): streams of different names are independent, so a new
/// consumer never shifts the numbers of another.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);

  std::uint64_t next();
  /// Uniform in [0, 1), 53 bits.
  double uniform();
  /// Uniform integer in [0, bound); bound > 0. Unbiased (Lemire).
  std::uint64_t below(std::uint64_t bound);
  /// Mean `mean` > 0.
  double exponential(double mean);
  /// Standard normal (Marsaglia's polar method).
  double normal();
  /// exp(mu + sigma * normal()).
  double lognormal(double mu, double sigma);
  /// An index drawn with probability proportional to its weight; the sum must be positive.
  std::size_t weighted(std::span<const double> weights);

 private:
  std::uint64_t state_[4];
  double spare_ = 0;
  bool has_spare_ = false;
};

}  // namespace orrery::base
