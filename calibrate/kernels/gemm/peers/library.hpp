// A shared library opened at run time, and its functions by name.
#pragma once

#include <span>
#include <string>

namespace orrery::calibrate::gemm {

class PeerLibrary {
 public:
  /// Opens it, or keeps the reason why it cannot.
  explicit PeerLibrary(const char* file);

  bool present() const { return handle_ != nullptr; }
  const std::string& absent() const { return absent_; }

  /// The function of that name, of this library or one that it needs; nullptr where there is none.
  template <class Function>
  Function get(const char* name) const {
    return reinterpret_cast<Function>(find(name));
  }

 private:
  void* find(const char* name) const;

  void* handle_ = nullptr;  // kept until the process ends: its threads may still run
  std::string absent_;
};

/// cblas_sgemm with the 32-bit integers of Debian's builds.
using CblasSgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k,
                            float alpha, const float* a, int lda, const float* b, int ldb,
                            float beta, float* c, int ldc);

/// Y^T = W^T X^T by that function, all matrices row by row.
void multiply_by_cblas(CblasSgemm sgemm, std::span<const float> weights, std::span<const float> x,
                       std::span<float> y, int rows, int columns, int tokens);

}  // namespace orrery::calibrate::gemm
