// One thread block's tile of the wgmma family: what stands where in shared memory, which thread
// copies which 16 bytes, which descriptor names which operand.
//
// A tile is `outputs` rows of Y^T by `tokens`, by two consuming warpgroups; a third one gathers. A
// stage of the pipeline holds 64 rows of X, then the weights (dense: 64 values per output; 2:4: 32
// values, and metadata).
//
// X stands as it is gathered, tokens contiguous: operand B, transposed. Blocks of 64 tokens; in
// a block 128 bytes per row of X, whose eight chunks of 16 bytes are swizzled by the row. The
// weights are packed once and need no swizzle: operand A, core matrices of 8 outputs x 8 values,
// those of all outputs, then those of the next 8 values.
//
// OURS: the tile sizes, by data-sheet rates and nothing measured. Per step of 16 rows a warpgroup
// reads 2 KiB of A and, of 256 tokens, 8 KiB of B in 128 cycles (2:4: 2 and 16), against 128 bytes
// per cycle that shared memory gives; of 128 tokens a larger part is A. What the gather writes
// comes on top: a stage of 48 KiB (2:4: 41) from the second-level cache for 1024 (512) cycles. So
// 2:4 cannot reach twice the dense rate here, and the caches may bound it before the tensor cores
// do.
#pragma once

#include "calibrate/kernels/gemm/cuda/tile_shape.hpp"
#include "calibrate/kernels/gemm/cuda/wgmma_layout.hpp"

namespace orrery::calibrate::gemm_cuda {

inline constexpr int consumer_groups = 2;
inline constexpr int wgmma_threads = group_threads * (1 + consumer_groups);
inline constexpr int wgmma_depth = 64;       ///< rows of X per stage
inline constexpr int block_tokens = 64;      ///< of a swizzled block
inline constexpr int block_row_bytes = 128;  ///< of one row of X in it
inline constexpr int pattern_bytes = 1024;   ///< eight rows, after which the swizzle repeats
inline constexpr int step_values = 16;       ///< kept values per output and instruction
inline constexpr int block_shared_limit = 227 * 1024;  ///< of a block on sm_90
inline constexpr int most_stages = 8;
inline constexpr int ticket_slots = 2;

template <bool sparse_, int outputs_, int tokens_>
struct WgmmaShape {
  static_assert((outputs_ == 128 && (tokens_ == 128 || tokens_ == 256)) ||
                (outputs_ == 64 && tokens_ == 256));
  static constexpr bool sparse = sparse_;
  static constexpr int outputs = outputs_;
  static constexpr int tokens = tokens_;
  static constexpr int values = sparse ? 32 : 64;  ///< per output and stage
  static constexpr int steps = values / step_values;
  static constexpr int step_depth = wgmma_depth / steps;  ///< rows of X per instruction
  /// Warpgroups share the outputs where there are 128, else the tokens.
  static constexpr int instruction_tokens = outputs == 128 ? tokens : tokens / consumer_groups;
  static constexpr int accumulators = instruction_outputs * instruction_tokens / group_threads;
  static constexpr int token_bytes = wgmma_depth * tokens * 2;
  static constexpr int value_bytes = outputs * values * 2;
  static constexpr int metadata_bytes = sparse ? outputs / fragment_rows * warp_lanes * 4 : 0;
  static constexpr int values_at = token_bytes;
  static constexpr int metadata_at = values_at + value_bytes;
  static constexpr int stage_bytes =
      (metadata_at + metadata_bytes + pattern_bytes - 1) / pattern_bytes * pattern_bytes;
  /// What is left for the barriers, and for bringing the first stage to a pattern's border.
  static constexpr int spare_bytes = pattern_bytes + 1024;
  static constexpr int fitting_stages = (block_shared_limit - spare_bytes) / stage_bytes;
  static constexpr int stages = fitting_stages < most_stages ? fitting_stages : most_stages;
  static constexpr int shared_bytes = stages * stage_bytes + pattern_bytes;
  static constexpr int chunks = tokens / chunk_numbers;  ///< 16-byte chunks of a gathered row
  static constexpr int copy_rows = warp_lanes / chunks;  ///< rows that a warp copies at a time
  static constexpr int warp_rows = wgmma_depth / (group_threads / warp_lanes);  ///< of a stage
  static constexpr int copies = warp_rows / copy_rows;                          ///< per thread
};

/// Byte of kept value `k` of output `row` among the weights of a stage of `outputs` outputs.
ORRERY_HOST_DEVICE constexpr int core_value_at(int outputs, int row, int k) {
  return (k / chunk_numbers * (outputs / core_rows) + row / core_rows) * core_bytes +
         row % core_rows * chunk_bytes + k % chunk_numbers * 2;
}

/// Byte of 16-byte chunk `chunk` of row `row` (0 to 63) of X in a stage.
ORRERY_HOST_DEVICE constexpr int gathered_at(int row, int chunk) {
  constexpr int block_chunks = block_row_bytes / chunk_bytes;
  return (chunk / block_chunks * wgmma_depth + row) * block_row_bytes +
         (chunk % block_chunks ^ (row % core_rows)) * chunk_bytes;
}

/// Row of a stage that a lane's copy `i` brings, and its chunk. A gathering warp has warp_rows rows
/// of its own; lane j (below warp_rows) reads the table for the j-th and hands it on.
template <class Shape>
ORRERY_HOST_DEVICE constexpr int gather_row(int warp, int lane, int i) {
  return warp * Shape::warp_rows + i * Shape::copy_rows + lane / Shape::chunks;
}
template <class Shape>
ORRERY_HOST_DEVICE constexpr int gather_chunk(int lane) {
  return lane % Shape::chunks;
}
/// The lane that read the table for that row.
template <class Shape>
ORRERY_HOST_DEVICE constexpr int table_lane(int lane, int i) {
  return i * Shape::copy_rows + lane / Shape::chunks;
}

/// First output and first token of the tile that a consuming warpgroup (0 or 1) computes.
template <class Shape>
ORRERY_HOST_DEVICE constexpr int group_output(int group) {
  return Shape::outputs == 128 ? group * instruction_outputs : 0;
}
template <class Shape>
ORRERY_HOST_DEVICE constexpr int group_token(int group) {
  return Shape::outputs == 128 ? 0 : group * Shape::instruction_tokens;
}

/// Operand A of the first step: outputs by values, values contiguous in core matrices. The leading
/// offset strides over core matrices along the reduction, the stride offset over outputs.
template <class Shape>
ORRERY_HOST_DEVICE constexpr std::uint64_t weight_descriptor(std::uint32_t stage, int group) {
  const int first = core_value_at(Shape::outputs, group_output<Shape>(group), 0);
  return descriptor(stage + static_cast<std::uint32_t>(Shape::values_at + first),
                    Shape::outputs / core_rows * core_bytes, core_bytes, Swizzle::none);
}
inline constexpr int step_chunks = step_values / chunk_numbers;
template <class Shape>
inline constexpr std::uint32_t weight_step_bytes =
    step_chunks*(Shape::outputs / core_rows) * core_bytes;

/// Operand B of the first step, tokens contiguous. The leading offset strides over blocks of 64
/// tokens, the stride offset over groups of eight rows of X.
template <class Shape>
ORRERY_HOST_DEVICE constexpr std::uint64_t token_descriptor(std::uint32_t stage, int group) {
  const int first = gathered_at(0, group_token<Shape>(group) / chunk_numbers);
  return descriptor(stage + static_cast<std::uint32_t>(first), wgmma_depth * block_row_bytes,
                    pattern_bytes, Swizzle::bytes_128);
}
template <class Shape>
inline constexpr std::uint32_t token_step_bytes = Shape::step_depth* block_row_bytes;

/// Byte of a consumer's metadata word in a stage. The word serves both steps: the selector of step
/// s names the lanes 2 s and 2 s + 1 of every four (as in the mma.sync family).
template <class Shape>
ORRERY_HOST_DEVICE constexpr int metadata_word_at(int group, int thread) {
  const int fragment = group_output<Shape>(group) / fragment_rows + thread / warp_lanes;
  return Shape::metadata_at + (fragment * warp_lanes + thread % warp_lanes) * 4;
}

/// Storing: a thread holds, of a row, four words of two tokens, eight tokens apart; its quad of
/// lanes changes them so that each lane has eight neighbours. In round r (0, 1) a lane sends of
/// every pair of words the one that its bit r does not name, and puts there what it receives from
/// the lane whose bit r differs.
ORRERY_HOST_DEVICE constexpr int pair_lower(int round, int pair) {
  return round == 0 ? pair * 2 : pair;
}
ORRERY_HOST_DEVICE constexpr int pair_upper(int round, int pair) {
  return pair_lower(round, pair) + (1 << round);
}
inline constexpr int exchange_rounds = 2;
inline constexpr int exchange_words = 4;
template <class Shape>
inline constexpr int exchanges = Shape::instruction_tokens / (exchange_words * fragment_tokens);

/// First accumulator of word `word` of exchange `exchange`, of the lower or upper (half) row.
ORRERY_HOST_DEVICE constexpr int exchanged_accumulator(int exchange, int word, int half) {
  return (exchange * exchange_words + word) * 4 + half * 2;
}
/// First of the eight tokens, counted in the warpgroup's, that a lane has after an exchange.
ORRERY_HOST_DEVICE constexpr int exchanged_token(int exchange, int lane) {
  return (exchange * exchange_words + lane % 4) * fragment_tokens;
}

/// Arrivals that complete a phase of each barrier. A filled stage: a noinc arrival of each
/// gathering thread and the one that expects the bulk copies. An emptied stage and a read ticket:
/// one of each warp concerned. A drawn ticket: the thread that drew it.
inline constexpr int gather_warps = group_threads / warp_lanes;
inline constexpr int consumer_warps = consumer_groups * group_threads / warp_lanes;
inline constexpr int full_arrivals = group_threads + 1;
inline constexpr int empty_arrivals = consumer_warps;
inline constexpr int ticket_arrivals = 1;
inline constexpr int ticket_read_arrivals = gather_warps + consumer_warps;

/// A place in a ring and the parity of its present use.
struct Cursor {
  int slot = 0;
  std::uint32_t parity = 0;
};
template <int slots>
ORRERY_HOST_DEVICE constexpr Cursor next(Cursor cursor) {
  return cursor.slot + 1 < slots ? Cursor{cursor.slot + 1, cursor.parity}
                                 : Cursor{0, cursor.parity ^ 1U};
}

/// Tokens of a tile: 256 where that makes at least one item for every multiprocessor (OURS).
constexpr int wgmma_tile_tokens(int outputs, std::int64_t bands, std::int64_t tokens,
                                int multiprocessors) {
  return outputs == 64 || bands * ((tokens + 255) / 256) >= multiprocessors ? 256 : 128;
}

}  // namespace orrery::calibrate::gemm_cuda
