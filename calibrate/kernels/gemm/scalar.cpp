// Plain C++ for any machine: 4 columns x 12 tokens, multiplied and added apart.
#include "calibrate/kernels/gemm/tile_kernel.hpp"

namespace orrery::calibrate::gemm {
namespace {

struct Scalar {
  struct Register {
    float lane[4];
  };
  static constexpr int lanes = 4;
  static constexpr int max_columns = 4;

  static Register zero() { return {}; }
  static Register load(const float* from) { return {{from[0], from[1], from[2], from[3]}}; }
  static Register broadcast(const float* from) { return {{*from, *from, *from, *from}}; }
  static Register fma(Register a, Register b, Register sum) {
    for (int i = 0; i < lanes; ++i) sum.lane[i] += a.lane[i] * b.lane[i];
    return sum;
  }
  static void store(float* to, Register value, bool accumulate) {
    store_partial(to, value, lanes, accumulate);
  }
  static void store_partial(float* to, Register value, int count, bool accumulate) {
    for (int i = 0; i < count; ++i) to[i] = accumulate ? to[i] + value.lane[i] : value.lane[i];
  }
};

}  // namespace

const MicroKernel kScalarKernel{Scalar::lanes * kStripVectors, tile_entry<Scalar>,
                                fma_rounds<Scalar>};

}  // namespace orrery::calibrate::gemm
