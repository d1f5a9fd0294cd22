// The kernel of the mma.sync family: Y^T = W^T X^T for dense (identity layout), TW, 2:4 and TVW.
// All index arithmetic stands in tile_shape.hpp and work_list.hpp, which are tested without a GPU.
//
// A persistent grid draws (band, token tile) items, longest reduction first. Per item: gather rows
// of X and the band's fragments by cp.async through a pipeline of stages, multiply, scatter whole
// rows of Y^T.
#pragma once

#include "calibrate/kernels/gemm/cuda/instructions.cuh"
#include "calibrate/kernels/gemm/cuda/kernel_arguments.hpp"
#include "calibrate/kernels/gemm/cuda/work_list.hpp"

namespace orrery::calibrate::gemm_cuda {

template <class Shape, bool gather>
struct Loader {
  const KernelArguments& arguments;
  const Band& band;
  std::int64_t token;
  std::uint32_t shared;
  std::int32_t rows[Shape::token_copies];  ///< of the stage to be loaded next

  __device__ void look_up(int stage) {
#pragma unroll
    for (int i = 0; i < Shape::token_copies; ++i) {
      const int k = stage * Shape::depth + copy_row(threadIdx.x, i);
      if (stage >= band.stages) {
        rows[i] = -1;
      } else if constexpr (gather) {
        rows[i] = __ldg(arguments.row_table + band.rows + k);
      } else {
        rows[i] = k < band.kept ? k : -1;
      }
    }
  }

  __device__ void load(int stage) {
    const int thread = threadIdx.x;
    const std::uint32_t slot = shared + (stage % Shape::stages) * Shape::stage_bytes;
    const char* values = reinterpret_cast<const char*>(arguments.values + band.values) +
                         static_cast<std::int64_t>(stage) * Shape::value_bytes;
#pragma unroll
    for (int i = 0; i < Shape::value_copies; ++i) {
      const int at = (i * block_threads + thread) * chunk_bytes;
      ptx::copy_async(slot + at, values + at, chunk_bytes);
    }
    if constexpr (Shape::sparse) {
      if (thread < Shape::metadata_threads) {
        const char* metadata = reinterpret_cast<const char*>(arguments.metadata + band.metadata) +
                               static_cast<std::int64_t>(stage) * Shape::metadata_bytes;
        ptx::copy_async(slot + Shape::value_bytes + thread * chunk_bytes,
                        metadata + thread * chunk_bytes, chunk_bytes);
      }
    }
    const std::int64_t first = token + copy_chunk(thread) * chunk_numbers;
    const int valid = valid_bytes(first, arguments.tokens);
#pragma unroll
    for (int i = 0; i < Shape::token_copies; ++i) {
      const bool there = rows[i] >= 0 && valid > 0;
      const std::uint16_t* source =
          there ? arguments.x + rows[i] * arguments.x_pitch + first : arguments.x;
      ptx::copy_async(slot + Shape::tokens_at + swizzled(copy_row(thread, i), copy_chunk(thread)),
                      source, there ? valid : 0);
    }
  }
};

template <class Shape>
struct Accumulators {
  float c[Shape::warp_fragments][Shape::warp_token_tiles][4];
};

template <class Shape, class Element, int step>
__device__ inline void multiply_step(Accumulators<Shape>& sums, const char* slot, int warp_row,
                                     int warp_column, int lane,
                                     const std::uint32_t (&metadata)[Shape::warp_fragments]) {
  uint4 a[Shape::warp_fragments];
#pragma unroll
  for (int f = 0; f < Shape::warp_fragments; ++f) {
    a[f] = *reinterpret_cast<const uint4*>(
        slot + value_at(warp_row * Shape::warp_fragments + f, step, lane));
  }
#pragma unroll
  for (int load = 0; load < loads_per_step<Shape>; ++load) {
    std::uint32_t b[4];
    ptx::load_transposed(
        b, ptx::shared_address(slot + token_at<Shape>(warp_column, step, load, lane)));
#pragma unroll
    for (int f = 0; f < Shape::warp_fragments; ++f) {
      if constexpr (Shape::sparse) {
        ptx::multiply_sparse<Element, step>(sums.c[f][load], a[f], b, metadata[f]);
      } else {
        ptx::multiply<Element>(sums.c[f][load * 2], a[f], b[0], b[1]);
        ptx::multiply<Element>(sums.c[f][load * 2 + 1], a[f], b[2], b[3]);
      }
    }
  }
}

template <class Shape, class Element>
__device__ inline void multiply_stage(Accumulators<Shape>& sums, const char* slot, int warp_row,
                                      int warp_column, int lane) {
  std::uint32_t metadata[Shape::warp_fragments] = {};
  if constexpr (Shape::sparse) {
#pragma unroll
    for (int f = 0; f < Shape::warp_fragments; ++f) {
      metadata[f] = *reinterpret_cast<const std::uint32_t*>(
          slot + metadata_at<Shape>(warp_row * Shape::warp_fragments + f, lane));
    }
  }
  multiply_step<Shape, Element, 0>(sums, slot, warp_row, warp_column, lane, metadata);
  multiply_step<Shape, Element, 1>(sums, slot, warp_row, warp_column, lane, metadata);
}

/// Results by way of shared memory, so that whole rows are written in pieces of 16 bytes.
template <class Shape, class Element>
__device__ inline void store(const KernelArguments& arguments, const Band& band,
                             const Accumulators<Shape>& sums, char* shared, std::int64_t token,
                             int warp_row, int warp_column, int lane) {
#pragma unroll
  for (int f = 0; f < Shape::warp_fragments; ++f) {
#pragma unroll
    for (int tile = 0; tile < Shape::warp_token_tiles; ++tile) {
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        *reinterpret_cast<std::uint32_t*>(
            shared + result_at<Shape>(warp_row, warp_column, f, tile, lane, half)) =
            ptx::narrow<Element>(sums.c[f][tile][half * 2], sums.c[f][tile][half * 2 + 1]);
      }
    }
  }
  __syncthreads();
  const int thread = threadIdx.x;
  const std::int64_t first = token + copy_chunk(thread) * chunk_numbers;
  const int valid = valid_bytes(first, arguments.tokens);
#pragma unroll 4
  for (int i = 0; i < Shape::store_copies; ++i) {
    const int row = copy_row(thread, i);
    const std::int32_t column = __ldg(arguments.column_table + band.columns + row);
    if (column < 0 || valid == 0) continue;
    const char* from = shared + swizzled(row, copy_chunk(thread));
    std::uint16_t* to = arguments.y + column * arguments.y_pitch + first;
    if (valid == chunk_bytes) {
      *reinterpret_cast<uint4*>(to) = *reinterpret_cast<const uint4*>(from);
    } else {
      for (int j = 0; j < valid / 2; ++j) to[j] = reinterpret_cast<const std::uint16_t*>(from)[j];
    }
  }
}

template <class Shape, bool gather, class Element>
__device__ inline void run_item(const KernelArguments& arguments, const Band& band,
                                std::int64_t token, char* shared) {
  const int lane = threadIdx.x % warp_lanes;
  const int warp_row = threadIdx.x / warp_lanes / 2;
  const int warp_column = threadIdx.x / warp_lanes % 2;
  Accumulators<Shape> sums = {};
  Loader<Shape, gather> loader{arguments, band, token, ptx::shared_address(shared), {}};

  loader.look_up(0);
  for (int stage = 0; stage < Shape::stages - 1; ++stage) {
    if (stage < band.stages) loader.load(stage);
    ptx::commit();
    loader.look_up(stage + 1);
  }
  for (int stage = 0; stage < band.stages; ++stage) {
    ptx::wait<Shape::stages - 2>();
    // Also the sign that all warps are done with the slot that is loaded next.
    __syncthreads();
    const int ahead = stage + Shape::stages - 1;
    if (ahead < band.stages) loader.load(ahead);
    ptx::commit();
    loader.look_up(ahead + 1);
    multiply_stage<Shape, Element>(sums, shared + (stage % Shape::stages) * Shape::stage_bytes,
                                   warp_row, warp_column, lane);
  }
  ptx::wait<0>();
  __syncthreads();
  store<Shape, Element>(arguments, band, sums, shared, token, warp_row, warp_column, lane);
}

template <bool sparse, bool gather, int outputs, class Element>
__global__ void __launch_bounds__(block_threads, 2) tile_gemm(const KernelArguments arguments) {
  using Shape = TileShape<sparse, outputs>;
  extern __shared__ __align__(128) char shared[];
  __shared__ unsigned long long drawn;
  const std::int64_t tiles = token_tiles(arguments.tokens);
  const std::int64_t items = arguments.band_count * tiles;
  while (true) {
    // Also the sign that all threads have stored the item before and read its ticket.
    __syncthreads();
    if (threadIdx.x == 0) {
      drawn = atomicAdd(arguments.ticket, 1ULL);
      if (last_ticket(static_cast<std::int64_t>(drawn), items, gridDim.x)) *arguments.ticket = 0;
    }
    __syncthreads();
    const auto ticket = static_cast<std::int64_t>(drawn);
    if (ticket >= items) return;
    const WorkItem item = work_item(ticket, tiles);
    const Band band = arguments.bands[item.band];
    run_item<Shape, gather, Element>(arguments, band, item.token, shared);
  }
}

}  // namespace orrery::calibrate::gemm_cuda
