// Which lane of a warp holds which element of the operands of mma.sync m16n8k16 and of mma.sp
// m16n8k32 with 16-bit inputs.
//
// READ: PTX ISA, "Matrix Fragments for mma.m16n8k16" and "Matrix fragments for multiply-accumulate
// operation with sparse matrix A". The sparse A holds its 16 kept values per row exactly as the
// dense A of m16n8k16 holds its 16 columns. The place of the metadata is drawn, not written, there;
// it was read off the public order of the metadata of CUTLASS (host_reorder), which feeds the same
// instruction. Until it has run on a device that stays unproven: orrery-gemm-gpu checks itself
// against double precision before it times anything.
#pragma once

#include <cstdint>

#include "calibrate/device/cuda_launch.hpp"

namespace orrery::calibrate::gemm_cuda {

inline constexpr int warp_lanes = 32;
inline constexpr int fragment_rows = 16;    ///< of A and C: outputs
inline constexpr int fragment_tokens = 8;   ///< of B and C
inline constexpr int fragment_values = 16;  ///< of A per row and instruction, pruned ones left out

/// Row of A (0 to 15) of the element i (0 to 7) that a lane holds.
ORRERY_HOST_DEVICE constexpr int a_row(int lane, int i) {
  return lane / 4 + ((i >> 1) & 1) * 8;
}
/// Column of A among the 16 kept ones.
ORRERY_HOST_DEVICE constexpr int a_column(int lane, int i) {
  return lane % 4 * 2 + (i & 1) + (i >> 2) * 8;
}
/// Row of B (the reduction: 0 to 15, sparse 0 to 31) of the element i (0 to 3, sparse 0 to 7).
ORRERY_HOST_DEVICE constexpr int b_row(int lane, int i) {
  return lane % 4 * 2 + (i & 1) + (i >> 1) * 8;
}
/// Column of B (0 to 7): a token.
ORRERY_HOST_DEVICE constexpr int b_column(int lane) {
  return lane / 4;
}
/// Row of C (0 to 15) of the accumulator i (0 to 3).
ORRERY_HOST_DEVICE constexpr int c_row(int lane, int i) {
  return lane / 4 + (i >> 1) * 8;
}
/// Column of C (0 to 7).
ORRERY_HOST_DEVICE constexpr int c_column(int lane, int i) {
  return lane % 4 * 2 + (i & 1);
}

/// Metadata of the sparse A: the lane that holds the four bits of `group` (four logical columns, 0
/// to 7) of `row` (0 to 15) where the instruction's selector (0 or 1) names its pair of lanes.
ORRERY_HOST_DEVICE constexpr int metadata_lane(int row, int group, int selector) {
  return row % 8 * 4 + selector * 2 + group / 4;
}
/// Lowest of those four bits in the lane's word: the first kept index, then the second.
ORRERY_HOST_DEVICE constexpr int metadata_shift(int row, int group) {
  return row / 8 * 16 + group % 4 * 4;
}

/// ldmatrix.trans: element i (0 or 1) that a lane receives of one stored 8 x 8 matrix.
ORRERY_HOST_DEVICE constexpr int transposed_row(int lane, int i) {
  return lane % 4 * 2 + i;
}
ORRERY_HOST_DEVICE constexpr int transposed_column(int lane) {
  return lane / 4;
}

}  // namespace orrery::calibrate::gemm_cuda
