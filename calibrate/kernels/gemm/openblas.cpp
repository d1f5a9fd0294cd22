#include "calibrate/kernels/gemm/openblas.hpp"

#include <dlfcn.h>

namespace orrery::calibrate::gemm {

namespace {

template <class Function>
Function function_of(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

}  // namespace

const OpenBlas& OpenBlas::instance() {
  static const OpenBlas library;
  return library;
}

OpenBlas::OpenBlas() {
#if defined(ORRERY_STATIC_BINARY)
  description_ = "OpenBLAS: not present, this binary is linked statically and opens no library";
#else
  void* library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    description_ = std::string("OpenBLAS: not present: ") + (reason == nullptr ? "" : reason);
    return;
  }
  set_threads_ = function_of<void (*)(int)>(library, "openblas_set_num_threads");
  const auto parallel = function_of<int (*)()>(library, "openblas_get_parallel");
  const auto config = function_of<char* (*)()>(library, "openblas_get_config");
  const auto sgemm = function_of<Sgemm>(library, "cblas_sgemm");
  if (set_threads_ == nullptr || parallel == nullptr || config == nullptr || sgemm == nullptr) {
    description_ = "OpenBLAS: not present: libopenblas.so.0 lacks a function that is needed";
    return;
  }
  sgemm_ = sgemm;
  threaded_ = parallel() != 0;
  description_ = config();
#endif
}

void OpenBlas::multiply(std::span<const float> weights, std::span<const float> x,
                        std::span<float> y, std::int32_t rows, std::int32_t columns,
                        std::int32_t tokens, int threads) const {
  constexpr int row_major = 101;
  constexpr int as_is = 111;
  constexpr int transposed = 112;
  set_threads_(threads);
  sgemm_(row_major, transposed, as_is, columns, tokens, rows, 1.0F, weights.data(), columns,
         x.data(), tokens, 0.0F, y.data(), tokens);
}

}  // namespace orrery::calibrate::gemm
