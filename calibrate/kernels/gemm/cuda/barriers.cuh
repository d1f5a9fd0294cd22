// Barriers in shared memory (mbarrier) and the copies that arrive at them (sm_90). Each wait is
// bounded: a program error must not hold a GPU that is lent by the minute.
#pragma once

#include <cstdint>

#include "calibrate/kernels/gemm/cuda/instructions.cuh"
#include "calibrate/kernels/gemm/cuda/stall.hpp"

namespace orrery::calibrate::gemm_cuda::ptx {

/// Cycles after which a wait counts as endless: some two seconds, a thousand times an item's time.
inline constexpr long long longest_wait_cycles = 4'000'000'000;

__device__ inline void barrier_init(std::uint32_t barrier, int arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;\n" ::"r"(barrier), "r"(arrivals)
               : "memory");
}
/// After the inits, before any other thread or asynchronous copy meets the barriers.
__device__ inline void barrier_init_fence() {
  asm volatile("fence.mbarrier_init.release.cluster;\n" ::: "memory");
}
/// Orders what this thread has seen written the ordinary way (cp.async too) before what wgmma and
/// bulk copies, the asynchronous proxy, do after it.
__device__ inline void async_proxy_fence() {
  asm volatile("fence.proxy.async.shared::cta;\n" ::: "memory");
}
__device__ inline void arrive(std::uint32_t barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];\n" ::"r"(barrier) : "memory");
}
/// Arrives, and lets the phase wait for `bytes` of bulk copies as well.
__device__ inline void arrive_expecting(std::uint32_t barrier, int bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;\n" ::"r"(barrier), "r"(bytes)
               : "memory");
}
/// Arrives once this thread's earlier cp.async are done. "noinc": the arrival is one of those that
/// the barrier was made for.
__device__ inline void arrive_after_copies(std::uint32_t barrier) {
  asm volatile("cp.async.mbarrier.arrive.noinc.shared::cta.b64 [%0];\n" ::"r"(barrier) : "memory");
}
__device__ inline void wait_for_copies() {
  asm volatile("cp.async.wait_all;\n" ::: "memory");
}
/// Contiguous bytes, a multiple of 16 at 16-byte borders; counted at the barrier as they land.
__device__ inline void copy_bulk(std::uint32_t shared, const void* global, int bytes,
                                 std::uint32_t barrier) {
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];\n" ::
          "r"(shared),
      "l"(global), "r"(bytes), "r"(barrier)
      : "memory");
}

__device__ inline bool phase_done(std::uint32_t barrier, std::uint32_t parity) {
  std::uint32_t done;
  asm volatile(
      "{\n"
      ".reg .pred p;\n"
      "mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2;\n"
      "selp.u32 %0, 1, 0, p;\n"
      "}\n"
      : "=r"(done)
      : "r"(barrier), "r"(parity)
      : "memory");
  return done != 0;
}

/// Until the phase of this parity is over; what was done before the arrivals is then seen.
__device__ inline void await(std::uint32_t barrier, std::uint32_t parity, Wait wait, int slot,
                             std::uint32_t* stall) {
  if (phase_done(barrier, parity)) return;
  const long long begun = clock64();
  while (!phase_done(barrier, parity)) {
    if (clock64() - begun < longest_wait_cycles) continue;
    *stall = stall_code(wait, slot, static_cast<int>(threadIdx.x) / 32, blockIdx.x);
    __threadfence_system();
    __trap();
  }
}

}  // namespace orrery::calibrate::gemm_cuda::ptx
