// OpenBLAS as a peer, opened when it is asked for: the calibrator starts where it is absent,
// nothing is linked to it, and its own choice of kernels for the machine is what is measured.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace orrery::calibrate::gemm {

class OpenBlas {
 public:
  /// Opens libopenblas.so.0 (Debian: libopenblas0-pthread); `present()` says whether that worked.
  static const OpenBlas& instance();

  bool present() const { return sgemm_ != nullptr; }
  /// Version, options and the kernels it chose (`OpenBLAS 0.3.21 ... SkylakeX MAX_THREADS=64`);
  /// where it is absent, why.
  const std::string& description() const { return description_; }
  /// False for the serial build, which ignores the number of threads.
  bool threaded() const { return threaded_; }

  /// Y^T[N, M] = W^T X^T of a dense W[K, N], row by row as everywhere here, with `threads` threads.
  /// Only where `present()`. Not to be called from two threads at once.
  void multiply(std::span<const float> weights, std::span<const float> x, std::span<float> y,
                std::int32_t rows, std::int32_t columns, std::int32_t tokens, int threads) const;

 private:
  OpenBlas();

  // cblas_sgemm with the 32-bit integers of this library's build.
  using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k,
                         float alpha, const float* a, int lda, const float* b, int ldb, float beta,
                         float* c, int ldc);
  Sgemm sgemm_ = nullptr;
  void (*set_threads_)(int) = nullptr;
  bool threaded_ = false;
  std::string description_;
};

}  // namespace orrery::calibrate::gemm
