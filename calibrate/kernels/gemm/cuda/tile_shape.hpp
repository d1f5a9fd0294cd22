// One thread block's tile: what stands where in shared memory, which thread copies which 16 bytes,
// and what is left out at the tails.
//
// A tile is `outputs` rows of Y^T by 128 tokens, by four warps (2 x 2). One stage of the pipeline
// holds 32 kept values per output (dense: 32 rows of X, 2:4: 64 rows) as fragments in the order in
// which lanes read them, the metadata, and the gathered rows of X, swizzled.
#pragma once

#include "calibrate/kernels/gemm/cuda/fragments.hpp"

namespace orrery::calibrate::gemm_cuda {

inline constexpr int chunk_bytes = 16;   ///< of one cp.async
inline constexpr int chunk_numbers = 8;  ///< 16-bit numbers in it
inline constexpr int tile_tokens = 128;
inline constexpr int token_chunks = tile_tokens / chunk_numbers;
inline constexpr int token_row_bytes = tile_tokens * 2;
inline constexpr int block_threads = 128;
inline constexpr int stage_values = 32;  ///< kept values per output and stage
inline constexpr int stage_steps = 2;    ///< instructions along the reduction per stage

template <bool sparse_, int outputs_>
struct TileShape {
  static_assert(outputs_ == 64 || outputs_ == 128);
  static constexpr bool sparse = sparse_;
  static constexpr int outputs = outputs_;
  static constexpr int depth = sparse ? 64 : 32;  ///< rows of X per stage
  static constexpr int stages = sparse ? 3 : 4;
  static constexpr int step_depth = depth / stage_steps;  ///< rows of X per instruction
  static constexpr int fragments = outputs / fragment_rows;
  static constexpr int warp_fragments = fragments / 2;
  static constexpr int warp_tokens = 64;
  static constexpr int warp_token_tiles = warp_tokens / fragment_tokens;
  static constexpr int value_bytes = outputs * stage_values * 2;
  static constexpr int metadata_bytes = sparse ? fragments * warp_lanes * 4 : 0;
  static constexpr int tokens_at = value_bytes + metadata_bytes;
  static constexpr int stage_bytes = tokens_at + depth * token_row_bytes;
  static constexpr int epilogue_bytes = outputs * token_row_bytes;
  static constexpr int shared_bytes =
      stages * stage_bytes > epilogue_bytes ? stages* stage_bytes : epilogue_bytes;
  static constexpr int value_copies = value_bytes / chunk_bytes / block_threads;  ///< per thread
  static constexpr int metadata_threads = metadata_bytes / chunk_bytes;
  static constexpr int token_copies = depth * token_chunks / block_threads;  ///< per thread
  static constexpr int store_copies = outputs * token_chunks / block_threads;
};

/// Byte of 16-byte chunk `chunk` (0 to 15) in row `row` of a tile of tokens: the chunks of eight
/// consecutive rows stand in eight different groups of banks.
ORRERY_HOST_DEVICE constexpr int swizzled(int row, int chunk) {
  return row * token_row_bytes + (chunk ^ (row & 7)) * chunk_bytes;
}

/// Row of the tile of the thread's copy `i`, when gathering X as when storing Y.
ORRERY_HOST_DEVICE constexpr int copy_row(int thread, int i) {
  return i * (block_threads / token_chunks) + thread / token_chunks;
}
ORRERY_HOST_DEVICE constexpr int copy_chunk(int thread) {
  return thread % token_chunks;
}

/// Bytes of a 16-byte chunk that begins at `token` which lie inside the `tokens` there are.
ORRERY_HOST_DEVICE constexpr int valid_bytes(long long token, long long tokens) {
  const long long left = tokens - token;
  return left <= 0 ? 0 : left >= chunk_numbers ? chunk_bytes : static_cast<int>(left) * 2;
}

/// Byte of a lane's 16 bytes of A in a stage: eight values of fragment `fragment` and step `step`.
ORRERY_HOST_DEVICE constexpr int value_at(int fragment, int step, int lane) {
  return ((fragment * stage_steps + step) * warp_lanes + lane) * chunk_bytes;
}

/// Byte of a lane's metadata in a stage. The word serves both steps: the selector of step s names
/// the lanes 2 s and 2 s + 1 of every four.
template <class Shape>
ORRERY_HOST_DEVICE constexpr int metadata_at(int fragment, int lane) {
  return Shape::value_bytes + (fragment * warp_lanes + lane) * 4;
}

/// Byte of the eight tokens whose address a lane gives to ldmatrix.x4.trans number `load` (0 to
/// loads_per_step - 1) of step `step`. Dense: two k-blocks of two token tiles; sparse: four
/// k-blocks of one.
template <class Shape>
ORRERY_HOST_DEVICE constexpr int token_at(int warp_column, int step, int load, int lane) {
  const int matrix = lane / 8;
  const int block = Shape::sparse ? matrix : matrix % 2;
  const int tile = Shape::sparse ? load : load * 2 + matrix / 2;
  const int row = step * Shape::step_depth + block * 8 + lane % 8;
  return Shape::tokens_at + swizzled(row, warp_column * (Shape::warp_tokens / 8) + tile);
}
template <class Shape>
inline constexpr int loads_per_step =
    Shape::sparse ? Shape::warp_token_tiles : Shape::warp_token_tiles / 2;

/// Byte, in the tile of results, of the accumulators 2 * half and 2 * half + 1 of a lane.
template <class Shape>
ORRERY_HOST_DEVICE constexpr int result_at(int warp_row, int warp_column, int fragment, int tile,
                                           int lane, int half) {
  const int row =
      (warp_row * Shape::warp_fragments + fragment) * fragment_rows + c_row(lane, half * 2);
  return swizzled(row, warp_column * (Shape::warp_tokens / 8) + tile) + c_column(lane, 0) * 2;
}

}  // namespace orrery::calibrate::gemm_cuda
