#include "calibrate/kernels/gemm/peers/library.hpp"

#include <dlfcn.h>

namespace orrery::calibrate::gemm {

PeerLibrary::PeerLibrary(const char* file) {
#if defined(ORRERY_STATIC_BINARY)
  absent_ = std::string(file) + " cannot be opened: this binary is linked statically";
#else
  handle_ = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (handle_ != nullptr) return;
  const char* reason = ::dlerror();
  absent_ = reason == nullptr ? std::string(file) + " cannot be opened" : reason;
#endif
}

void* PeerLibrary::find(const char* name) const {
  return handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
}

void multiply_by_cblas(CblasSgemm sgemm, std::span<const float> weights, std::span<const float> x,
                       std::span<float> y, int rows, int columns, int tokens) {
  constexpr int row_major = 101;
  constexpr int as_is = 111;
  constexpr int transposed = 112;
  sgemm(row_major, transposed, as_is, columns, tokens, rows, 1.0F, weights.data(), columns,
        x.data(), tokens, 0.0F, y.data(), tokens);
}

}  // namespace orrery::calibrate::gemm
