// Compiled for AVX2 and FMA: 4 columns x 24 tokens. Reached only where the machine has both.
#if defined(__x86_64__)

#include <immintrin.h>

#include "calibrate/kernels/gemm/tile_kernel.hpp"

namespace orrery::calibrate::gemm {
namespace {

struct Avx2 {
  using Register = __m256;
  static constexpr int lanes = 8;
  static constexpr int max_columns = 4;

  static Register zero() { return _mm256_setzero_ps(); }
  static Register load(const float* from) { return _mm256_loadu_ps(from); }
  static Register broadcast(const float* from) { return _mm256_broadcast_ss(from); }
  static Register fma(Register a, Register b, Register sum) { return _mm256_fmadd_ps(a, b, sum); }
  static void store(float* to, Register value, bool accumulate) {
    _mm256_storeu_ps(to, accumulate ? _mm256_add_ps(_mm256_loadu_ps(to), value) : value);
  }
  static void store_partial(float* to, Register value, int count, bool accumulate) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lane);
    if (accumulate) value = _mm256_add_ps(_mm256_maskload_ps(to, mask), value);
    _mm256_maskstore_ps(to, mask, value);
  }
};

}  // namespace

const MicroKernel kAvx2Kernel{Avx2::lanes * kStripVectors, tile_entry<Avx2>, fma_rounds<Avx2>};

}  // namespace orrery::calibrate::gemm

#endif
