// Weights, activations and the double reference for the emulated GPU kernels of both families.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "models/base/random.hpp"
#include "tests/calibrate/kernels/gemm/ragged.hpp"
#include "tests/calibrate/kernels/gemm_cuda/emulator.hpp"

namespace emulated {

using orrery::base::RandomStream;
using orrery::models::sparsity::Panel;
using orrery::models::sparsity::TileLayout;
using orrery::test::between;
using orrery::test::prune_two_of_four;

struct Case {
  TileLayout layout;
  std::vector<float> weights;
  Activations x;
};

inline Case make_case(RandomStream& random, TileLayout layout, int tokens, Number number,
                      bool sparse, bool integers) {
  Case made{std::move(layout), {}, {}};
  const auto draw = [&] {
    const float value =
        integers ? static_cast<float>(between(random, -4, 4)) : static_cast<float>(random.normal());
    return from_bits(to_bits(value, number), number);
  };
  made.weights.resize(static_cast<std::size_t>(made.layout.rows) *
                      static_cast<std::size_t>(made.layout.columns));
  for (float& weight : made.weights) weight = draw();
  if (sparse) prune_two_of_four(made.layout, made.weights, random);
  made.x.tokens = tokens;
  made.x.pitch = (std::int64_t{tokens} + 7) / 8 * 8;
  // What lies between the tokens and the pitch is not a number, and must not reach a result.
  made.x.numbers.assign(
      static_cast<std::size_t>(made.layout.rows) * static_cast<std::size_t>(made.x.pitch), 0x7fff);
  for (std::int64_t row = 0; row < made.layout.rows; ++row) {
    for (std::int64_t token = 0; token < tokens; ++token) {
      made.x.numbers[static_cast<std::size_t>(row * made.x.pitch + token)] =
          to_bits(draw(), number);
    }
  }
  return made;
}

inline std::vector<double> reference(const Case& made, Number number) {
  std::vector<double> y(static_cast<std::size_t>(made.layout.columns * made.x.tokens), 0);
  for (const Panel& panel : made.layout.panels) {
    for (const std::int32_t column : panel.columns) {
      double* out = &y[static_cast<std::size_t>(column * made.x.tokens)];
      for (const std::int32_t row : panel.rows) {
        const double weight = made.weights[static_cast<std::size_t>(row) *
                                               static_cast<std::size_t>(made.layout.columns) +
                                           static_cast<std::size_t>(column)];
        for (std::int64_t token = 0; token < made.x.tokens; ++token) {
          out[token] +=
              weight *
              from_bits(made.x.numbers[static_cast<std::size_t>(row * made.x.pitch + token)],
                        number);
        }
      }
    }
  }
  return y;
}

inline constexpr std::uint16_t untouched = 0x7ffe;  // not a number in either format

/// Emulates by `launch(packed, x, y)`; returns the relative Frobenius error, and checks that
/// exactly the outputs were written. With `exact`, every result must be the rounded exact one.
template <class Launch>
double run_case(const Case& made, const PackedWeight& packed, bool exact, Launch launch) {
  const PackingOptions& options = packed.options;
  Activations y = made.x;
  y.numbers.assign(static_cast<std::size_t>(made.layout.columns * made.x.pitch), untouched);
  launch(packed, made.x, y);
  const std::vector<double> wanted = reference(made, options.number);
  double difference = 0;
  double total = 0;
  std::int64_t wrong = 0;
  for (std::int64_t column = 0; column < made.layout.columns; ++column) {
    for (std::int64_t token = 0; token < y.pitch; ++token) {
      const std::uint16_t bits = y.numbers[static_cast<std::size_t>(column * y.pitch + token)];
      if (token >= y.tokens) {
        wrong += bits != untouched ? 1 : 0;
        continue;
      }
      const double want = wanted[static_cast<std::size_t>(column * y.tokens + token)];
      const double got = from_bits(bits, options.number);
      if (exact)
        wrong += got != from_bits(to_bits(static_cast<float>(want), options.number), options.number)
                     ? 1
                     : 0;
      difference += (got - want) * (got - want);
      total += want * want;
    }
  }
  CHECK(wrong == 0);
  return total > 0 ? std::sqrt(difference / total) : std::sqrt(difference);
}

}  // namespace emulated
