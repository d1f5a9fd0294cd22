// What wgmma.mma_async and wgmma.mma_async.sp expect where, for 16-bit inputs and 64 rows of A: the
// descriptor of a matrix in shared memory, the order of its elements there, and which thread of a
// warpgroup holds which accumulator and which metadata.
//
// READ, in public copies of the PTX ISA: the layouts of matrices of wgmma in shared memory (swizzle
// atoms, the transposition bits), the storage of a sparse A (2:4 for m64nNk32, the selector), and,
// of tcgen05, whose descriptor has the same two byte offsets, the table of what they stride over.
// READ, in public documents: the bit fields of wgmma's descriptor (Modular), the accumulators of
// m64nN (pyptx). READ: the comments of CUTLASS on make_gmma_desc, which give layouts and offsets in
// closed form and agree with that table, and its layout of the metadata of 64 x 32: that of mma.sp
// m16n8k32, warp w for rows 16 w to 16 w + 15. The rules are put in our own terms here.
//
// INFERRED: that a descriptor may begin at any of the 16-byte units of the order without a swizzle,
// and at any whole pattern (1024 bytes) of the one with. Nothing of this has run on a device:
// orrery-gemm-gpu checks itself against double precision before it times anything.
#pragma once

#include <cstdint>

#include "calibrate/kernels/gemm/cuda/fragments.hpp"

namespace orrery::calibrate::gemm_cuda {

inline constexpr int group_threads = 128;       ///< of a warpgroup
inline constexpr int instruction_outputs = 64;  ///< rows of A and of the accumulators
inline constexpr int core_rows = 8;             ///< of a core matrix, 16 bytes each
inline constexpr int core_bytes = 128;

enum class Swizzle : std::uint32_t { none = 0, bytes_128 = 1 };

/// Bits 0-13 the address, 16-29 the leading and 32-45 the stride byte offset, all in units of 16
/// bytes; 62-63 the swizzle. The base offset (49-51) is zero: patterns begin at 1024-byte borders.
ORRERY_HOST_DEVICE constexpr std::uint64_t descriptor(std::uint32_t address, std::uint32_t leading,
                                                      std::uint32_t stride, Swizzle swizzle) {
  return std::uint64_t{(address & 0x3ffffU) >> 4} | std::uint64_t{leading >> 4} << 16 |
         std::uint64_t{stride >> 4} << 32 |
         std::uint64_t{static_cast<std::uint32_t>(swizzle)} << 62;
}

/// The same matrix `bytes` further on: whole 16-byte units, without carrying into the next field.
ORRERY_HOST_DEVICE constexpr std::uint64_t advanced(std::uint64_t descriptor, std::uint32_t bytes) {
  return descriptor + (bytes >> 4);
}

/// Row (0 to 63) and column (a token) of the accumulator `i` of a thread of the warpgroup.
ORRERY_HOST_DEVICE constexpr int accumulator_row(int thread, int i) {
  return thread / warp_lanes * fragment_rows + c_row(thread % warp_lanes, i % 4);
}
ORRERY_HOST_DEVICE constexpr int accumulator_column(int thread, int i) {
  return i / 4 * fragment_tokens + c_column(thread % warp_lanes, i % 4);
}

}  // namespace orrery::calibrate::gemm_cuda
