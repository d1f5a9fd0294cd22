#include "sim/report/confidence.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "models/base/random.hpp"
#include "models/base/statistics.hpp"

namespace orrery::report {

namespace {

constexpr double kNormal975 = 1.959963984540054;
constexpr std::size_t kFewestBlocks = 4;

}  // namespace

double student_t_975(std::size_t freedom) {
  assert(freedom >= 1);
  // Table of the usual textbooks; the series below has converged where it ends.
  static constexpr std::array<double, 30> kTable{
      12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
      2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
      2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
  if (freedom <= kTable.size()) return kTable[freedom - 1];
  // Expansion of Fisher and Cornish around the normal quantile.
  const double z = kNormal975;
  const double n = static_cast<double>(freedom);
  const double z3 = z * z * z;
  const double z5 = z3 * z * z;
  return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n);
}

Estimate estimate(std::span<const double> values) {
  assert(!values.empty());
  const double n = static_cast<double>(values.size());
  const double mean = base::mean(values);
  if (std::ranges::all_of(values, [&](double value) { return value == values.front(); }))
    return {mean, std::nullopt};
  std::vector<double> squares;
  for (const double value : values) squares.push_back((value - mean) * (value - mean));
  const double variance = base::compensated_sum(squares) / (n - 1);
  return {mean, student_t_975(values.size() - 1) * std::sqrt(variance / n)};
}

namespace {

/// Blocks that hold a value.
Blocks filled(const Blocks& blocks) {
  Blocks out;
  for (std::size_t b = 0; b < blocks.counts.size(); ++b) {
    if (blocks.counts[b] <= 0) continue;
    out.counts.push_back(blocks.counts[b]);
    out.sums.push_back(blocks.sums[b]);
  }
  return out;
}

}  // namespace

std::optional<double> half_width_of(const Blocks& all) {
  const Blocks blocks = filled(all);
  const std::size_t size = blocks.counts.size();
  if (size < kFewestBlocks) return std::nullopt;
  const double count = base::compensated_sum(blocks.counts);
  const double mean = base::compensated_sum(blocks.sums) / count;
  std::vector<double> squares;
  for (std::size_t b = 0; b < size; ++b) {
    const double residual = blocks.sums[b] - mean * blocks.counts[b];
    squares.push_back(residual * residual);
  }
  const double n = static_cast<double>(size);
  const double variance = base::compensated_sum(squares) * n / (n - 1) / (count * count);
  if (variance <= 0) return std::nullopt;
  return student_t_975(size - 1) * std::sqrt(variance);
}

std::optional<double> bootstrap_half_width_of(const Blocks& all, std::size_t resamples) {
  const Blocks blocks = filled(all);
  const std::size_t size = blocks.counts.size();
  if (size < kFewestBlocks || resamples < 2) return std::nullopt;
  base::RandomStream random(size, "block bootstrap");
  std::vector<double> means;
  for (std::size_t i = 0; i < resamples; ++i) {
    double count = 0;
    double sum = 0;
    for (std::size_t drawn = 0; drawn < size; ++drawn) {
      const auto block = static_cast<std::size_t>(random.below(size));
      count += blocks.counts[block];
      sum += blocks.sums[block];
    }
    means.push_back(sum / count);
  }
  std::ranges::sort(means);
  const double width = base::sorted_quantile(means, 0.975) - base::sorted_quantile(means, 0.025);
  if (width <= 0) return std::nullopt;
  const double n = static_cast<double>(size);
  return width / 2 * student_t_975(size - 1) / kNormal975 * std::sqrt(n / (n - 1));
}

}  // namespace orrery::report
