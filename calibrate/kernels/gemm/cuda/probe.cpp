#include "calibrate/kernels/gemm/cuda/probe.hpp"

#include <fmt/format.h>

namespace orrery::calibrate::gemm_cuda {
namespace {

constexpr std::size_t most_lines = 12;
/// Tokens are counted in rounds of so many: fp16 holds whole numbers up to 2048.
constexpr std::int64_t token_round = 256;

models::sparsity::TileLayout whole_layout(bool sparse) {
  models::sparsity::TileLayout layout{probe_rows, probe_columns, {{}}, sparse};
  for (std::int32_t row = 0; row < probe_rows; ++row) layout.panels[0].rows.push_back(row);
  for (std::int32_t n = 0; n < probe_columns; ++n) layout.panels[0].columns.push_back(n);
  return layout;
}

constexpr int row_of(int output, int shift) {
  return (output + shift) % probe_rows;
}

/// W with one weight per output, `counted` as the output's number, else 1.
PackedWeight weights_of(const PackingOptions& options, int shift, bool counted) {
  std::vector<float> weights(std::size_t{probe_rows} * probe_columns, 0.0f);
  for (int n = 0; n < probe_columns; ++n) {
    weights[static_cast<std::size_t>(row_of(n, shift)) * probe_columns +
            static_cast<std::size_t>(n)] = counted ? static_cast<float>(n + 1) : 1.0f;
  }
  return pack(whole_layout(options.sparse), weights, options);
}

template <class Count>
std::vector<std::uint16_t> counting(std::int64_t tokens, Count count) {
  std::vector<std::uint16_t> x(static_cast<std::size_t>(probe_rows * tokens));
  for (std::int64_t row = 0; row < probe_rows; ++row) {
    for (std::int64_t token = 0; token < tokens; ++token) {
      x[static_cast<std::size_t>(row * tokens + token)] =
          to_bits(static_cast<float>(count(row, token)), Number::fp16);
    }
  }
  return x;
}

}  // namespace

ProbeResult probe(Family family, bool sparse, std::int64_t tokens, int shifts,
                  const ProbeLaunch& launch) {
  const PackingOptions options{Number::fp16, sparse, 128, true, family};
  const auto x_rows = counting(tokens, [](auto row, auto) { return row + 1; });
  const auto x_tokens = counting(tokens, [](auto, auto token) { return token % token_round + 1; });
  const auto x_ones = counting(tokens, [](auto, auto) { return 1; });
  ProbeResult result;
  for (int shift = 0; shift < shifts; ++shift) {
    const PackedWeight ones = weights_of(options, shift, false);
    const auto rows = launch(ones, x_rows, tokens);
    const auto places = launch(ones, x_tokens, tokens);
    const auto outputs = launch(weights_of(options, shift, true), x_ones, tokens);
    for (int n = 0; n < probe_columns; ++n) {
      for (std::int64_t token = 0; token < tokens; ++token) {
        const auto at = static_cast<std::size_t>(n * tokens + token);
        const float row = from_bits(rows[at], Number::fp16) - 1;
        const float place = from_bits(places[at], Number::fp16) - 1;
        const float output = from_bits(outputs[at], Number::fp16) - 1;
        const auto wanted_row = static_cast<float>(row_of(n, shift));
        const auto wanted_place = static_cast<float>(token % token_round);
        if (row == wanted_row && place == wanted_place && output == static_cast<float>(n)) continue;
        ++result.wrong;
        if (result.lines.size() == most_lines) continue;
        result.lines.push_back(fmt::format(
            "output {} token {}: row {} (expected {}), token {} (expected {}), weight of output {}",
            n, token, row, wanted_row, place, wanted_place, output));
      }
    }
  }
  return result;
}

}  // namespace orrery::calibrate::gemm_cuda
