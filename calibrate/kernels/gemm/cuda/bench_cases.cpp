#include "calibrate/kernels/gemm/cuda/bench_cases.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "models/sparsity/two_of_four.hpp"

namespace orrery::calibrate::gemm_cuda {

using models::sparsity::Panel;
using models::sparsity::TileLayout;

BenchCase fill(base::RandomStream& random, TileLayout layout, bool two_of_four) {
  BenchCase made{std::move(layout), {}};
  const auto columns = static_cast<std::size_t>(made.layout.columns);
  made.weights.assign(static_cast<std::size_t>(made.layout.rows) * columns, 0.0f);
  made.layout.two_of_four = two_of_four;
  for (const Panel& panel : made.layout.panels) {
    for (const std::int32_t column : panel.columns) {
      for (std::size_t first = 0; first < panel.rows.size(); first += 4) {
        std::array<float, 4> four{};
        const std::size_t count = std::min<std::size_t>(4, panel.rows.size() - first);
        for (std::size_t i = 0; i < count; ++i) four[i] = static_cast<float>(random.normal());
        std::array<float, 4> sizes = {-1, -1, -1, -1};
        for (std::size_t i = 0; i < count; ++i) sizes[i] = std::fabs(four[i]);
        const auto [one, other] = models::sparsity::largest_two(sizes);
        for (std::size_t i = 0; i < count; ++i) {
          const int place = static_cast<int>(i);
          if (two_of_four && place != one && place != other) continue;
          made.weights[static_cast<std::size_t>(panel.rows[first + i]) * columns +
                       static_cast<std::size_t>(column)] = four[i];
        }
      }
    }
  }
  return made;
}

std::vector<float> block_weights(base::RandomStream& random, std::int32_t rows,
                                 std::int32_t columns, int block, double sparsity) {
  const auto across = static_cast<std::size_t>(rows / block);
  const auto keep = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::lround((1 - sparsity) * static_cast<double>(across))));
  std::vector<float> weights(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 0);
  for (std::int32_t line = 0; line < columns / block; ++line) {
    std::vector<std::int32_t> order(across);
    for (std::size_t i = 0; i < across; ++i) order[i] = static_cast<std::int32_t>(i);
    for (std::size_t i = 0; i < keep; ++i) {
      std::swap(order[i], order[i + random.below(across - i)]);
      for (std::int32_t j = 0; j < block * block; ++j) {
        const std::int32_t k = order[i] * block + j / block;
        const auto row = static_cast<std::size_t>(k);
        const std::int32_t n = line * block + j % block;
        const auto column = static_cast<std::size_t>(n);
        weights[row * static_cast<std::size_t>(columns) + column] =
            static_cast<float>(random.normal());
      }
    }
  }
  return weights;
}

std::vector<float> element_weights(base::RandomStream& random, std::int32_t rows,
                                   std::int32_t columns, double sparsity) {
  std::vector<float> weights(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns), 0);
  for (float& weight : weights) {
    if (random.uniform() >= sparsity) weight = static_cast<float>(random.normal());
  }
  return weights;
}

std::vector<std::uint16_t> activations(base::RandomStream& random, std::int32_t rows,
                                       std::int64_t tokens, Number number) {
  const std::int64_t pitch = (tokens + 7) / 8 * 8;
  std::vector<std::uint16_t> x(static_cast<std::size_t>(rows * pitch));
  for (std::uint16_t& value : x) value = to_bits(static_cast<float>(random.normal()), number);
  return x;
}

}  // namespace orrery::calibrate::gemm_cuda
