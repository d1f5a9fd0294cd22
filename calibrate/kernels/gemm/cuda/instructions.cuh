// The PTX instructions of the kernel, one function each (sm_80 and later).
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>
#include <type_traits>

namespace orrery::calibrate::gemm_cuda::ptx {

__device__ inline std::uint32_t shared_address(const void* pointer) {
  return static_cast<std::uint32_t>(__cvta_generic_to_shared(pointer));
}

/// Copies `bytes` (0 to 16) and fills the rest of the 16 with zeros; reads nothing where 0.
__device__ inline void copy_async(std::uint32_t shared, const void* global, int bytes) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;\n" ::"r"(shared), "l"(global),
               "r"(bytes)
               : "memory");
}
__device__ inline void commit() {
  asm volatile("cp.async.commit_group;\n" ::: "memory");
}
template <int pending>
__device__ inline void wait() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(pending) : "memory");
}

__device__ inline std::uint32_t load_shared(std::uint32_t shared) {
  std::uint32_t word;
  asm volatile("ld.shared.u32 %0, [%1];\n" : "=r"(word) : "r"(shared) : "memory");
  return word;
}

__device__ inline void load_transposed(std::uint32_t (&b)[4], std::uint32_t shared) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];\n"
               : "=r"(b[0]), "=r"(b[1]), "=r"(b[2]), "=r"(b[3])
               : "r"(shared)
               : "memory");
}

#define ORRERY_MMA(TYPE)                                                      \
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." TYPE "." TYPE         \
               ".f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};\n" \
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])               \
               : "r"(a.x), "r"(a.y), "r"(a.z), "r"(a.w), "r"(b0), "r"(b1))

template <class Element>
__device__ inline void multiply(float (&c)[4], const uint4& a, std::uint32_t b0, std::uint32_t b1) {
  if constexpr (std::is_same_v<Element, __nv_bfloat16>) {
    ORRERY_MMA("bf16");
  } else {
    ORRERY_MMA("f16");
  }
}
#undef ORRERY_MMA

#define ORRERY_MMA_SPARSE(TYPE)                                                                 \
  asm volatile("mma.sp::ordered_metadata.sync.aligned.m16n8k32.row.col.f32." TYPE "." TYPE      \
               ".f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9,%10,%11}, {%0,%1,%2,%3}, %12, %13;\n" \
               : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])                                 \
               : "r"(a.x), "r"(a.y), "r"(a.z), "r"(a.w), "r"(b[0]), "r"(b[1]), "r"(b[2]),       \
                 "r"(b[3]), "r"(metadata), "n"(selector))

template <class Element, int selector>
__device__ inline void multiply_sparse(float (&c)[4], const uint4& a, const std::uint32_t (&b)[4],
                                       std::uint32_t metadata) {
  if constexpr (std::is_same_v<Element, __nv_bfloat16>) {
    ORRERY_MMA_SPARSE("bf16");
  } else {
    ORRERY_MMA_SPARSE("f16");
  }
}
#undef ORRERY_MMA_SPARSE

/// Two accumulators as two 16-bit numbers, the first in the low half.
template <class Element>
__device__ inline std::uint32_t narrow(float first, float second) {
  if constexpr (std::is_same_v<Element, __nv_bfloat16>) {
    const __nv_bfloat162 pair = __floats2bfloat162_rn(first, second);
    return *reinterpret_cast<const std::uint32_t*>(&pair);
  } else {
    const __half2 pair = __floats2half2_rn(first, second);
    return *reinterpret_cast<const std::uint32_t*>(&pair);
  }
}

}  // namespace orrery::calibrate::gemm_cuda::ptx
