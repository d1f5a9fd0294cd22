#include "calibrate/kernels/gemm/reference.hpp"

#include <cmath>

namespace orrery::calibrate::gemm {

std::vector<float> masked(const models::sparsity::TileLayout& layout,
                          std::span<const float> weights) {
  std::vector<float> kept(weights.size(), 0.0F);
  for (const models::sparsity::Panel& panel : layout.panels) {
    for (const std::int32_t row : panel.rows) {
      for (const std::int32_t column : panel.columns) {
        const auto at = static_cast<std::size_t>(row) * static_cast<std::size_t>(layout.columns) +
                        static_cast<std::size_t>(column);
        kept[at] = weights[at];
      }
    }
  }
  return kept;
}

std::vector<double> reference_product(std::span<const float> weights, std::span<const float> x,
                                      std::int64_t rows, std::int64_t columns,
                                      std::int64_t tokens) {
  std::vector<double> y(static_cast<std::size_t>(columns * tokens), 0.0);
  for (std::int64_t n = 0; n < columns; ++n) {
    double* out = y.data() + n * tokens;
    for (std::int64_t k = 0; k < rows; ++k) {
      const double w = weights[static_cast<std::size_t>(k * columns + n)];
      const float* in = x.data() + k * tokens;
      for (std::int64_t m = 0; m < tokens; ++m) out[m] += w * static_cast<double>(in[m]);
    }
  }
  return y;
}

double relative_error(std::span<const float> found, std::span<const double> wanted) {
  double difference = 0;
  double norm = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const double d = static_cast<double>(found[i]) - wanted[i];
    difference += d * d;
    norm += wanted[i] * wanted[i];
  }
  return norm > 0 ? std::sqrt(difference / norm) : std::sqrt(difference);
}

}  // namespace orrery::calibrate::gemm
