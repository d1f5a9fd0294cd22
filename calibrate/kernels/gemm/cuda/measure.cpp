// Timing by events, and the check against double precision.
#include <algorithm>
#include <cmath>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/device/cuda_event.hpp"
#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"

namespace orrery::calibrate::gemm_cuda {
Timing time_launches(const std::function<void()>& launch, int repeats) {
  for (int i = 0; i < 5; ++i) launch();
  wait_for_gpu("warming up");
  CudaEvent begun;
  CudaEvent ended;
  std::vector<double> seconds;
  for (int i = 0; i < repeats; ++i) {
    begun.record();
    launch();
    ended.record();
    seconds.push_back(ended.seconds_since(begun));
  }
  std::sort(seconds.begin(), seconds.end());
  const std::size_t n = seconds.size();
  return {n % 2 == 1 ? seconds[n / 2] : (seconds[n / 2 - 1] + seconds[n / 2]) / 2, seconds.front(),
          seconds[std::min(n - 1, n * 9 / 10)]};
}

double relative_error(const models::sparsity::TileLayout& layout, std::span<const float> weights,
                      std::span<const std::uint16_t> x, const CudaBuffer& y, std::int64_t tokens,
                      Number number, int sampled) {
  const std::int64_t pitch = pitch_of(tokens);
  const auto columns = static_cast<std::size_t>(layout.columns);
  std::vector<std::uint16_t> results(columns * static_cast<std::size_t>(pitch));
  y.download(results.data(), results.size() * 2);
  const auto count = static_cast<std::size_t>(std::min<std::int64_t>(sampled, tokens));
  std::vector<std::int64_t> chosen(count);
  for (std::size_t i = 0; i < count; ++i) {
    // Spread over all tokens, the last one included: tails are where errors hide.
    chosen[i] = count == 1 ? tokens - 1
                           : static_cast<std::int64_t>(i) * (tokens - 1) /
                                 static_cast<std::int64_t>(count - 1);
  }
  std::vector<double> inputs(static_cast<std::size_t>(layout.rows) * count);
  for (std::size_t row = 0; row < static_cast<std::size_t>(layout.rows); ++row) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = row * static_cast<std::size_t>(pitch) + static_cast<std::size_t>(chosen[i]);
      inputs[row * count + i] = from_bits(x[at], number);
    }
  }
  std::vector<double> wanted(columns * count, 0.0);
  for (const models::sparsity::Panel& panel : layout.panels) {
    for (const std::int32_t column : panel.columns) {
      double* out = &wanted[static_cast<std::size_t>(column) * count];
      for (const std::int32_t row : panel.rows) {
        const double weight = from_bits(
            to_bits(
                weights[static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column)],
                number),
            number);
        if (weight == 0) continue;
        const double* in = &inputs[static_cast<std::size_t>(row) * count];
        for (std::size_t i = 0; i < count; ++i) out[i] += weight * in[i];
      }
    }
  }
  double difference = 0;
  double total = 0;
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto at =
          column * static_cast<std::size_t>(pitch) + static_cast<std::size_t>(chosen[i]);
      const double got = from_bits(results[at], number);
      const double want = wanted[column * count + i];
      difference += (got - want) * (got - want);
      total += want * want;
    }
  }
  return std::sqrt(difference / std::max(total, 1e-300));
}

}  // namespace orrery::calibrate::gemm_cuda
