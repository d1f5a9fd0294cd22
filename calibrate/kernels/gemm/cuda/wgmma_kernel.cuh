// The wgmma family: Y^T = W^T X^T for dense, TW, 2:4 and TVW on sm_90a. All index arithmetic stands
// in wgmma_shape.hpp, wgmma_layout.hpp and work_list.hpp, which are tested without a GPU.
//
// Three warpgroups: one gathers rows of X by cp.async and takes weights by bulk copies, two
// multiply. A persistent grid draws (band, token tile) items, longest reduction first; the gatherer
// runs ahead into the next item while the last one is still multiplied and stored.
//
// Why nothing races:
// - `full` of a slot completes when each of the 128 gathering threads' cp.async has landed (one
//   noinc arrival each, so the count is fixed and not raised) and the bulk copies' bytes have
//   arrived (thread 0's arrive.expect_tx, made before it starts them). A thread makes its arrival
//   after all its copies of the stage, and cp.async arrivals cover all its earlier copies.
// - cp.async writes by the generic proxy, wgmma reads by the asynchronous one. So a consumer, once
//   it has seen `full`, fences between the proxies before it multiplies. Bulk copies are of the
//   asynchronous proxy; their completion is seen by both.
// - `empty` completes when the eight consuming warps have arrived, each after its wait for the
//   wgmma that read the slot (and after its lanes loaded their metadata, which that wgmma takes):
//   reads that are over cannot see what is written next, by whichever proxy.
// - A slot's n-th use waits for `full` with parity n mod 2, and the gatherer before it for `empty`
//   with the other parity, which a fresh barrier counts as past. No thread can fall two phases
//   behind: `full` cannot complete again before every consuming warp has arrived at `empty`.
// - Accumulators are registers that wgmma writes behind the compiler's back: `settle` after the
//   wait keeps their readers behind it. Zeros are written before the fence that precedes wgmma.
// - Tickets pass through a ring of two: written by thread 0, read by all, given back by every warp.
//   The gatherer never waits for a ticket while a stage that it owes is not under way, so the
//   consumers always come to read theirs.
#pragma once

#include "calibrate/kernels/gemm/cuda/barriers.cuh"
#include "calibrate/kernels/gemm/cuda/kernel_arguments.hpp"
#include "calibrate/kernels/gemm/cuda/wgmma_instructions.cuh"
#include "calibrate/kernels/gemm/cuda/wgmma_shape.hpp"

namespace orrery::calibrate::gemm_cuda::wgmma {

/// Of the 168 registers per thread of a block of 384: fewer to gather, more to multiply. With fewer
/// than 72 the gather spills.
inline constexpr int gather_registers = 72;
inline constexpr int multiply_registers = 216;

struct Barriers {
  std::uint64_t full[most_stages];
  std::uint64_t empty[most_stages];
  std::uint64_t ticket[ticket_slots];
  std::uint64_t ticket_read[ticket_slots];
  long long drawn[ticket_slots];
};

template <class Shape>
struct Pipeline {
  const KernelArguments& arguments;
  Barriers& barriers;
  std::uint32_t stages;  ///< address of the first stage, at a pattern's border
  Cursor stage;
  Cursor draw;

  __device__ std::uint32_t full() const { return ptx::shared_address(&barriers.full[stage.slot]); }
  __device__ std::uint32_t empty(int slot) const {
    return ptx::shared_address(&barriers.empty[slot]);
  }
  __device__ std::uint32_t address() const {
    return stages + static_cast<std::uint32_t>(stage.slot * Shape::stage_bytes);
  }
  __device__ void advance() { stage = next<Shape::stages>(stage); }

  /// One thread of the block draws the next ticket for all.
  __device__ void draw_ticket(std::int64_t items) {
    ptx::await(ptx::shared_address(&barriers.ticket_read[draw.slot]), draw.parity ^ 1U,
               Wait::ticket_read, draw.slot, arguments.stall);
    const auto drawn = static_cast<std::int64_t>(atomicAdd(arguments.ticket, 1ULL));
    if (last_ticket(drawn, items, gridDim.x)) *arguments.ticket = 0;
    barriers.drawn[draw.slot] = drawn;
    ptx::arrive(ptx::shared_address(&barriers.ticket[draw.slot]));
  }

  __device__ std::int64_t read_ticket() {
    ptx::await(ptx::shared_address(&barriers.ticket[draw.slot]), draw.parity, Wait::ticket,
               draw.slot, arguments.stall);
    const std::int64_t ticket = barriers.drawn[draw.slot];
    __syncwarp();
    if (threadIdx.x % warp_lanes == 0) {
      ptx::arrive(ptx::shared_address(&barriers.ticket_read[draw.slot]));
    }
    draw = next<ticket_slots>(draw);
    return ticket;
  }
};

template <class Shape>
__device__ inline void gather_item(Pipeline<Shape>& pipeline, const Band& band,
                                   std::int64_t token) {
  const KernelArguments& arguments = pipeline.arguments;
  const int lane = static_cast<int>(threadIdx.x) % warp_lanes;
  const int warp = static_cast<int>(threadIdx.x) / warp_lanes;
  const int chunk = gather_chunk<Shape>(lane);
  const std::int64_t first = token + chunk * chunk_numbers;
  const int valid = valid_bytes(first, arguments.tokens);
  const std::uint16_t* column = arguments.x + first;
  const std::int32_t* table = arguments.row_table + band.rows + warp * Shape::warp_rows +
                              (lane < Shape::warp_rows ? lane : 0);
  // The table is read a stage ahead, so that its latency hides behind the copies.
  std::int32_t ahead = band.stages > 0 ? __ldg(table) : -1;
  for (int stage = 0; stage < band.stages; ++stage) {
    const std::int32_t kept = ahead;
    if (stage + 1 < band.stages) ahead = __ldg(table + (stage + 1) * wgmma_depth);
    ptx::await(pipeline.empty(pipeline.stage.slot), pipeline.stage.parity ^ 1U, Wait::emptied,
               pipeline.stage.slot, arguments.stall);
    const std::uint32_t at = pipeline.address();
    const std::uint32_t full = pipeline.full();
    if (threadIdx.x == 0) {
      ptx::arrive_expecting(full, Shape::value_bytes + Shape::metadata_bytes);
      ptx::copy_bulk(at + Shape::values_at,
                     arguments.values + band.values +
                         static_cast<std::int64_t>(stage) * (Shape::value_bytes / 2),
                     Shape::value_bytes, full);
      if constexpr (Shape::sparse) {
        ptx::copy_bulk(at + Shape::metadata_at,
                       arguments.metadata + band.metadata +
                           static_cast<std::int64_t>(stage) * (Shape::metadata_bytes / 4),
                       Shape::metadata_bytes, full);
      }
    }
    __syncwarp();
#pragma unroll
    for (int i = 0; i < Shape::copies; ++i) {
      const std::int32_t row = __shfl_sync(0xffffffffU, kept, table_lane<Shape>(lane, i));
      const bool there = row >= 0 && valid > 0;
      const std::uint16_t* source = there ? column + row * arguments.x_pitch : arguments.x;
      ptx::copy_async(
          at + static_cast<std::uint32_t>(gathered_at(gather_row<Shape>(warp, lane, i), chunk)),
          source, there ? valid : 0);
    }
    ptx::arrive_after_copies(full);
    pipeline.advance();
  }
}

template <class Shape, class Element, int step>
__device__ inline void multiply_step(float (&sums)[Shape::accumulators], std::uint64_t weights,
                                     std::uint64_t tokens, std::uint32_t metadata) {
  const std::uint64_t a = advanced(weights, step * weight_step_bytes<Shape>);
  const std::uint64_t b = advanced(tokens, step * token_step_bytes<Shape>);
  if constexpr (Shape::sparse) {
    ptx::group_multiply_sparse<Element, step>(sums, a, b, metadata);
  } else {
    ptx::group_multiply<Element>(sums, a, b);
  }
  if constexpr (step + 1 < Shape::steps) {
    multiply_step<Shape, Element, step + 1>(sums, weights, tokens, metadata);
  }
}

template <class Shape>
__device__ inline void release(const Pipeline<Shape>& pipeline, int slot) {
  __syncwarp();
  if (threadIdx.x % warp_lanes == 0) ptx::arrive(pipeline.empty(slot));
}

template <class Shape, class Element>
__device__ inline void multiply_item(Pipeline<Shape>& pipeline, const Band& band, int group,
                                     int thread, float (&sums)[Shape::accumulators]) {
#pragma unroll
  for (int i = 0; i < Shape::accumulators; ++i) sums[i] = 0;
  int before = 0;
  for (int stage = 0; stage < band.stages; ++stage) {
    const int slot = pipeline.stage.slot;
    const std::uint32_t at = pipeline.address();
    ptx::await(pipeline.full(), pipeline.stage.parity, Wait::filled, slot,
               pipeline.arguments.stall);
    std::uint32_t metadata = 0;
    if constexpr (Shape::sparse) {
      metadata =
          ptx::load_shared(at + static_cast<std::uint32_t>(metadata_word_at<Shape>(group, thread)));
    }
    __syncwarp();  // wgmma is for whole warps; lanes may have left the wait one by one
    ptx::async_proxy_fence();
    ptx::group_fence();
    multiply_step<Shape, Element, 0>(sums, weight_descriptor<Shape>(at, group),
                                     token_descriptor<Shape>(at, group), metadata);
    ptx::group_commit();
    // The group before this one is over, and with it the last read of its slot.
    ptx::group_wait<1>();
    if (stage > 0) release(pipeline, before);
    before = slot;
    pipeline.advance();
  }
  ptx::group_wait<0>();
  ptx::settle(sums);
  if (band.stages > 0) release(pipeline, before);
}

/// Whole 16-byte pieces of rows of Y^T, straight from registers by way of the quads of lanes.
template <class Shape, class Element>
__device__ inline void store_item(const KernelArguments& arguments, const Band& band,
                                  std::int64_t token, int group, int thread,
                                  const float (&sums)[Shape::accumulators]) {
  const int lane = thread % warp_lanes;
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const int row = group_output<Shape>(group) + accumulator_row(thread, half * 2);
    const std::int32_t column = __ldg(arguments.column_table + band.columns + row);
    std::uint16_t* line = arguments.y + column * arguments.y_pitch;
#pragma unroll
    for (int exchange = 0; exchange < exchanges<Shape>; ++exchange) {
      std::uint32_t words[exchange_words];
#pragma unroll
      for (int word = 0; word < exchange_words; ++word) {
        const int i = exchanged_accumulator(exchange, word, half);
        words[word] = ptx::narrow<Element>(sums[i], sums[i + 1]);
      }
#pragma unroll
      for (int round = 0; round < exchange_rounds; ++round) {
        const bool bit = (lane >> round & 1) != 0;
#pragma unroll
        for (int pair = 0; pair < 2; ++pair) {
          std::uint32_t& lower = words[pair_lower(round, pair)];
          std::uint32_t& upper = words[pair_upper(round, pair)];
          const std::uint32_t received =
              __shfl_xor_sync(0xffffffffU, bit ? lower : upper, 1 << round);
          (bit ? lower : upper) = received;
        }
      }
      const std::int64_t first =
          token + group_token<Shape>(group) + exchanged_token(exchange, lane);
      const int valid = valid_bytes(first, arguments.tokens);
      if (column < 0 || valid == 0) continue;
      if (valid == chunk_bytes) {
        *reinterpret_cast<uint4*>(line + first) =
            make_uint4(words[0], words[1], words[2], words[3]);
      } else {
#pragma unroll
        for (int i = 0; i < chunk_numbers; ++i) {
          if (i * 2 < valid) {
            line[first + i] = static_cast<std::uint16_t>(words[i / 2] >> (i % 2 * 16));
          }
        }
      }
    }
  }
}

template <bool sparse, int outputs, int tokens, class Element>
__global__ void __launch_bounds__(wgmma_threads, 1) tile_gemm(const KernelArguments arguments) {
  using Shape = WgmmaShape<sparse, outputs, tokens>;
  extern __shared__ char shared[];
  __shared__ Barriers barriers;
  if (threadIdx.x == 0) {
    for (int slot = 0; slot < Shape::stages; ++slot) {
      ptx::barrier_init(ptx::shared_address(&barriers.full[slot]), full_arrivals);
      ptx::barrier_init(ptx::shared_address(&barriers.empty[slot]), empty_arrivals);
    }
    for (int slot = 0; slot < ticket_slots; ++slot) {
      ptx::barrier_init(ptx::shared_address(&barriers.ticket[slot]), ticket_arrivals);
      ptx::barrier_init(ptx::shared_address(&barriers.ticket_read[slot]), ticket_read_arrivals);
    }
    ptx::barrier_init_fence();
    ptx::async_proxy_fence();
  }
  __syncthreads();

  const std::uint32_t base = ptx::shared_address(shared);
  Pipeline<Shape> pipeline{
      arguments, barriers, (base + pattern_bytes - 1) / pattern_bytes * pattern_bytes, {}, {}};
  const std::int64_t tiles = token_tiles(arguments.tokens, tokens);
  const std::int64_t items = arguments.band_count * tiles;
  const int group = __shfl_sync(0xffffffffU, static_cast<int>(threadIdx.x) / group_threads, 0);
  if (group == 0) {
    ptx::fewer_registers<gather_registers>();
    while (true) {
      if (threadIdx.x == 0) pipeline.draw_ticket(items);
      __syncwarp();
      const std::int64_t ticket = pipeline.read_ticket();
      if (ticket >= items) break;
      const WorkItem item = work_item(ticket, tiles, tokens);
      const Band band = arguments.bands[item.band];
      gather_item(pipeline, band, item.token);
    }
    ptx::wait_for_copies();  // no thread ends before its copies have landed and arrived
  } else {
    ptx::more_registers<multiply_registers>();
    const int thread = static_cast<int>(threadIdx.x) % group_threads;
    float sums[Shape::accumulators];
    while (true) {
      const std::int64_t ticket = pipeline.read_ticket();
      if (ticket >= items) break;
      const WorkItem item = work_item(ticket, tiles, tokens);
      const Band band = arguments.bands[item.band];
      multiply_item<Shape, Element>(pipeline, band, group - 1, thread, sums);
      store_item<Shape, Element>(arguments, band, item.token, group - 1, thread, sums);
    }
  }
}

}  // namespace orrery::calibrate::gemm_cuda::wgmma
