#include "sim/report/latency_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace orrery::report {

void LatencyHistogram::add(double seconds) {
  const double octaves = std::log2(std::max(seconds, kFirst) / kFirst);
  const auto bucket = static_cast<std::size_t>(octaves * kPerOctave);
  ++buckets_[std::min(bucket, buckets_.size() - 1)];
  ++count_;
  sum_ += seconds;
  max_ = std::max(max_, seconds);
}

double LatencyHistogram::mean_seconds() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

double LatencyHistogram::percentile_seconds(double p) const {
  if (count_ == 0) return 0;
  const auto rank =
      static_cast<std::uint64_t>(std::max(1.0, std::ceil(p * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen < rank) continue;
    const double middle = kFirst * std::exp2((static_cast<double>(bucket) + 0.5) / kPerOctave);
    return std::min(middle, max_);
  }
  return max_;
}

}  // namespace orrery::report
