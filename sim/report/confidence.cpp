#include "sim/report/confidence.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "models/base/statistics.hpp"

namespace orrery::report {

double student_t_975(std::size_t freedom) {
  assert(freedom >= 1);
  // Table of the usual textbooks; the series below has converged where it ends.
  static constexpr std::array<double, 30> kTable{
      12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
      2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
      2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
  if (freedom <= kTable.size()) return kTable[freedom - 1];
  // Expansion of Fisher and Cornish around the normal quantile.
  const double z = 1.959963984540054;
  const double n = static_cast<double>(freedom);
  const double z3 = z * z * z;
  const double z5 = z3 * z * z;
  return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n);
}

Estimate estimate(std::span<const double> values) {
  assert(!values.empty());
  const double n = static_cast<double>(values.size());
  const double mean = base::mean(values);
  if (values.size() < 2) return {mean, std::nullopt};
  std::vector<double> squares;
  for (const double value : values) squares.push_back((value - mean) * (value - mean));
  const double variance = base::compensated_sum(squares) / (n - 1);
  return {mean, student_t_975(values.size() - 1) * std::sqrt(variance / n)};
}

}  // namespace orrery::report
