// The PTX instructions of the wgmma family, one function each (sm_90a).
#pragma once

#include <cstdint>
#include <type_traits>

#include "calibrate/kernels/gemm/cuda/instructions.cuh"

namespace orrery::calibrate::gemm_cuda::ptx {

/// Before the first wgmma that touches registers or shared memory which this warpgroup touched.
__device__ inline void group_fence() {
  asm volatile("wgmma.fence.sync.aligned;\n" ::: "memory");
}
__device__ inline void group_commit() {
  asm volatile("wgmma.commit_group.sync.aligned;\n" ::: "memory");
}
/// Until at most `pending` groups of this warpgroup are under way.
template <int pending>
__device__ inline void group_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;\n" ::"n"(pending) : "memory");
}

template <int registers>
__device__ inline void more_registers() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;\n" ::"n"(registers));
}
template <int registers>
__device__ inline void fewer_registers() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;\n" ::"n"(registers));
}

/// Keeps the compiler from moving what reads the accumulators before the wait that precedes this.
template <int count>
__device__ inline void settle(float (&c)[count]) {
#pragma unroll
  for (int i = 0; i < count; ++i) asm volatile("" : "+f"(c[i])::"memory");
}

#define ORRERY_C8(i)                                                                          \
  "+f"(c[i]), "+f"(c[i + 1]), "+f"(c[i + 2]), "+f"(c[i + 3]), "+f"(c[i + 4]), "+f"(c[i + 5]), \
      "+f"(c[i + 6]), "+f"(c[i + 7])
#define ORRERY_C32(i) ORRERY_C8(i), ORRERY_C8(i + 8), ORRERY_C8(i + 16), ORRERY_C8(i + 24)
#define ORRERY_C64 ORRERY_C32(0), ORRERY_C32(32)
#define ORRERY_C128 ORRERY_C64, ORRERY_C32(64), ORRERY_C32(96)
#define ORRERY_REGISTERS_64                                          \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,"           \
  "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31," \
  "%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47," \
  "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
#define ORRERY_REGISTERS_128                                                     \
  "%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,"                       \
  "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31,"             \
  "%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,"             \
  "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63,"             \
  "%64,%65,%66,%67,%68,%69,%70,%71,%72,%73,%74,%75,%76,%77,%78,%79,"             \
  "%80,%81,%82,%83,%84,%85,%86,%87,%88,%89,%90,%91,%92,%93,%94,%95,"             \
  "%96,%97,%98,%99,%100,%101,%102,%103,%104,%105,%106,%107,%108,%109,%110,%111," \
  "%112,%113,%114,%115,%116,%117,%118,%119,%120,%121,%122,%123,%124,%125,%126,%127"

// Operands after the accumulators: A and B by descriptor, (metadata, selector,) a predicate that
// says "add to the accumulators", signs of A and B, A as it stands (values contiguous), B
// transposed (tokens contiguous).
#define ORRERY_ADDING "{\n.reg .pred add;\nsetp.ne.b32 add, 1, 0;\n"
#define ORRERY_WGMMA(N, TYPE, REGISTERS, C, A, B)                                           \
  asm volatile(ORRERY_ADDING "wgmma.mma_async.sync.aligned.m64n" N "k16.f32." TYPE "." TYPE \
                             " {" REGISTERS "}, %" A ", %" B ", add, 1, 1, 0, 1;\n}\n"      \
               : C                                                                          \
               : "l"(a), "l"(b)                                                             \
               : "memory")
#define ORRERY_WGMMA_SPARSE(N, TYPE, REGISTERS, C, A, B, E, S)                                 \
  asm volatile(ORRERY_ADDING "wgmma.mma_async.sp.sync.aligned.m64n" N "k32.f32." TYPE "." TYPE \
                             " {" REGISTERS "}, %" A ", %" B ", %" E ", %" S                   \
                             ", add, 1, 1, 0, 1;\n}\n"                                         \
               : C                                                                             \
               : "l"(a), "l"(b), "r"(metadata), "n"(selector)                                  \
               : "memory")

/// c += A B for 64 outputs and 128 or 256 tokens, by the number of accumulators.
template <class Element, int accumulators>
__device__ inline void group_multiply(float (&c)[accumulators], std::uint64_t a, std::uint64_t b) {
  static_assert(accumulators == 64 || accumulators == 128);
  constexpr bool bf16 = std::is_same_v<Element, __nv_bfloat16>;
  if constexpr (accumulators == 64) {
    if constexpr (bf16) {
      ORRERY_WGMMA("128", "bf16", ORRERY_REGISTERS_64, ORRERY_C64, "64", "65");
    } else {
      ORRERY_WGMMA("128", "f16", ORRERY_REGISTERS_64, ORRERY_C64, "64", "65");
    }
  } else {
    if constexpr (bf16) {
      ORRERY_WGMMA("256", "bf16", ORRERY_REGISTERS_128, ORRERY_C128, "128", "129");
    } else {
      ORRERY_WGMMA("256", "f16", ORRERY_REGISTERS_128, ORRERY_C128, "128", "129");
    }
  }
}

/// The same with a 2:4 A of twice the depth; `selector` names the lanes whose metadata count.
template <class Element, int selector, int accumulators>
__device__ inline void group_multiply_sparse(float (&c)[accumulators], std::uint64_t a,
                                             std::uint64_t b, std::uint32_t metadata) {
  static_assert(accumulators == 64 || accumulators == 128);
  constexpr bool bf16 = std::is_same_v<Element, __nv_bfloat16>;
  if constexpr (accumulators == 64) {
    if constexpr (bf16) {
      ORRERY_WGMMA_SPARSE("128", "bf16", ORRERY_REGISTERS_64, ORRERY_C64, "64", "65", "66", "67");
    } else {
      ORRERY_WGMMA_SPARSE("128", "f16", ORRERY_REGISTERS_64, ORRERY_C64, "64", "65", "66", "67");
    }
  } else {
    if constexpr (bf16) {
      ORRERY_WGMMA_SPARSE("256", "bf16", ORRERY_REGISTERS_128, ORRERY_C128, "128", "129", "130",
                          "131");
    } else {
      ORRERY_WGMMA_SPARSE("256", "f16", ORRERY_REGISTERS_128, ORRERY_C128, "128", "129", "130",
                          "131");
    }
  }
}
#undef ORRERY_ADDING
#undef ORRERY_WGMMA
#undef ORRERY_WGMMA_SPARSE
#undef ORRERY_REGISTERS_64
#undef ORRERY_REGISTERS_128
#undef ORRERY_C8
#undef ORRERY_C32
#undef ORRERY_C64
#undef ORRERY_C128

}  // namespace orrery::calibrate::gemm_cuda::ptx
