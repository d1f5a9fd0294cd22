// The kernels of the wgmma family. This file alone is compiled for sm_90a, and for nothing else.
#include "calibrate/kernels/gemm/cuda/wgmma_kernel.cuh"

namespace orrery::calibrate::gemm_cuda {
namespace {

template <bool sparse, int outputs, int tokens>
Launchable of_number(Number number) {
  using Shape = WgmmaShape<sparse, outputs, tokens>;
  auto* const kernel = number == Number::bf16
                           ? wgmma::tile_gemm<sparse, outputs, tokens, __nv_bfloat16>
                           : wgmma::tile_gemm<sparse, outputs, tokens, __half>;
  return {kernel, wgmma_threads, Shape::shared_bytes, tokens};
}

template <bool sparse>
Launchable of_shape(const PackedWeight& packed, int tile_tokens) {
  const Number number = packed.options.number;
  if (packed.options.outputs == 64) return of_number<sparse, 64, 256>(number);
  if (tile_tokens == 128) return of_number<sparse, 128, 128>(number);
  return of_number<sparse, 128, 256>(number);
}

}  // namespace

Launchable wgmma_kernel(const PackedWeight& packed, int tile_tokens) {
  return packed.options.sparse ? of_shape<true>(packed, tile_tokens)
                               : of_shape<false>(packed, tile_tokens);
}

}  // namespace orrery::calibrate::gemm_cuda
