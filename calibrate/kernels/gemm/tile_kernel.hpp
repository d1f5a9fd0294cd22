// The micro-kernel for any vector type: sums of `columns` x `vectors` registers, one broadcast
// weight and `vectors` loads of tokens for each k. Everything here has internal linkage, because
// every file that includes it is compiled for another instruction set.
//
// Vector: Register, lanes, max_columns, load, broadcast, zero, fma, store, store_partial.
#pragma once

#include "calibrate/kernels/gemm/micro_kernel.hpp"

namespace orrery::calibrate::gemm {
namespace {

// Registers of tokens in a strip. With 8 columns that is 24 sums of the 32 registers of AVX-512;
// with 4 columns 12 of the 16 of AVX2.
constexpr int kStripVectors = 3;

template <class Vector, int columns, int vectors>
void tile_of(const TileArguments& tile, int first) {
  constexpr int strip = Vector::lanes * kStripVectors;
  typename Vector::Register sums[columns][vectors];
#pragma GCC unroll 8
  for (int c = 0; c < columns; ++c) {
    const float* y = tile.y + tile.outputs[first + c] * tile.y_stride;
#pragma GCC unroll 3
    for (int v = 0; v < vectors; ++v) {
      sums[c][v] = Vector::zero();
      __builtin_prefetch(y + v * Vector::lanes, 1);
    }
  }
  const float* weights = tile.weights + first;
  const std::int32_t* const end = tile.rows + tile.depth;
  for (const std::int32_t* row = tile.rows; row != end; ++row) {
    const float* tokens = tile.tokens + static_cast<std::ptrdiff_t>(*row) * strip;
    typename Vector::Register x[vectors];
#pragma GCC unroll 3
    for (int v = 0; v < vectors; ++v) x[v] = Vector::load(tokens + v * Vector::lanes);
#pragma GCC unroll 8
    for (int c = 0; c < columns; ++c) {
      const typename Vector::Register w = Vector::broadcast(weights + c);
#pragma GCC unroll 3
      for (int v = 0; v < vectors; ++v) sums[c][v] = Vector::fma(w, x[v], sums[c][v]);
    }
    weights += tile.weight_stride;
  }
  const int rest = tile.valid_tokens - (vectors - 1) * Vector::lanes;
#pragma GCC unroll 8
  for (int c = 0; c < columns; ++c) {
    float* y = tile.y + tile.outputs[first + c] * tile.y_stride;
#pragma GCC unroll 3
    for (int v = 0; v < vectors; ++v) {
      if (v + 1 < vectors || rest == Vector::lanes) {
        Vector::store(y + v * Vector::lanes, sums[c][v], tile.accumulate);
      } else {
        Vector::store_partial(y + v * Vector::lanes, sums[c][v], rest, tile.accumulate);
      }
    }
  }
}

template <class Vector, int columns>
void tile_by_vectors(const TileArguments& tile, int first) {
  if (tile.valid_tokens > 2 * Vector::lanes) {
    tile_of<Vector, columns, 3>(tile, first);
  } else if (tile.valid_tokens > Vector::lanes) {
    tile_of<Vector, columns, 2>(tile, first);
  } else {
    tile_of<Vector, columns, 1>(tile, first);
  }
}

// Takes max_columns at a time, then what is left.
template <class Vector, int columns = Vector::max_columns>
void tile_by_columns(const TileArguments& tile, int first) {
  if (tile.columns - first >= columns) {
    tile_by_vectors<Vector, columns>(tile, first);
    first += columns;
    if (first < tile.columns) tile_by_columns<Vector, columns>(tile, first);
  } else if constexpr (columns > 1) {
    tile_by_columns<Vector, columns - 1>(tile, first);
  }
}

template <class Vector>
void tile_entry(const TileArguments& tile) {
  tile_by_columns<Vector>(tile, 0);
}

// Multiply-adds on 12 independent sums, which hide a latency of up to 6 cycles on two ports. The
// sums begin differently, from memory that the compiler cannot see through: equal ones it would
// compute once.
template <class Vector>
double fma_rounds(std::int64_t rounds) {
  constexpr int sums_count = 12;
  volatile float seed = 0.999999F;
  const float near_one = seed;
  const typename Vector::Register w = Vector::broadcast(&near_one);
  typename Vector::Register sums[sums_count];
#pragma GCC unroll 12
  for (int i = 0; i < sums_count; ++i) {
    const float begin = seed + static_cast<float>(i);
    sums[i] = Vector::broadcast(&begin);
  }
  const typename Vector::Register x = w;
  for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < sums_count; ++i) sums[i] = Vector::fma(w, sums[i], x);
  }
  float sink[Vector::lanes] = {};
#pragma GCC unroll 12
  for (int i = 0; i < sums_count; ++i) Vector::store(sink, sums[i], true);
  seed = sink[0];
  return 2.0 * sums_count * Vector::lanes * static_cast<double>(rounds);
}

}  // namespace
}  // namespace orrery::calibrate::gemm
