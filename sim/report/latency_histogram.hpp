// Percentiles of very many latencies in fixed memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace orrery::report {

/// Counts in logarithmic buckets from 1 ns to above 1,000 s: count, mean and maximum are exact,
/// percentiles are within 1 % (buckets grow by 2^(1/64), that is 1.1 %, and answer their middle).
class LatencyHistogram {
 public:
  void add(double seconds);

  std::uint64_t count() const { return count_; }
  double mean_seconds() const;
  double max_seconds() const { return max_; }
  /// Nearest rank; 0 when empty. `p` in [0, 1].
  double percentile_seconds(double p) const;

 private:
  static constexpr std::size_t kPerOctave = 64;
  static constexpr std::size_t kOctaves = 41;  // 2^41 ns: 2,199 s
  static constexpr double kFirst = 1e-9;

  std::array<std::uint64_t, kPerOctave * kOctaves> buckets_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double max_ = 0;
};

}  // namespace orrery::report
