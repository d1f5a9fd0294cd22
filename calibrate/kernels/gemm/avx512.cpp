// Compiled for AVX-512F: 8 columns x 48 tokens. Reached only where the machine has it.
#if defined(__x86_64__)

#include <immintrin.h>

#include "calibrate/kernels/gemm/tile_kernel.hpp"

namespace orrery::calibrate::gemm {
namespace {

struct Avx512 {
  using Register = __m512;
  static constexpr int lanes = 16;
  static constexpr int max_columns = 8;

  static Register zero() { return _mm512_setzero_ps(); }
  static Register load(const float* from) { return _mm512_loadu_ps(from); }
  static Register broadcast(const float* from) { return _mm512_set1_ps(*from); }
  static Register fma(Register a, Register b, Register sum) { return _mm512_fmadd_ps(a, b, sum); }
  static void store(float* to, Register value, bool accumulate) {
    _mm512_storeu_ps(to, accumulate ? _mm512_add_ps(_mm512_loadu_ps(to), value) : value);
  }
  static void store_partial(float* to, Register value, int count, bool accumulate) {
    const auto mask = static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1U);
    if (accumulate) value = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, to), value);
    _mm512_mask_storeu_ps(to, mask, value);
  }
};

}  // namespace

const MicroKernel kAvx512Kernel{Avx512::lanes * kStripVectors, tile_entry<Avx512>,
                                fma_rounds<Avx512>};

}  // namespace orrery::calibrate::gemm

#endif
