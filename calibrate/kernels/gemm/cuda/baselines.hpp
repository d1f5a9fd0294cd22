// What the vendor's libraries do for the same product. Each is opened on demand, so that a program
// without them starts all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "calibrate/kernels/gemm/cuda/cuda_gemm.hpp"

namespace orrery::calibrate::gemm_cuda {

/// A library opened by name (dlopen) for as long as the program runs.
class SharedLibrary {
 public:
  /// The first of the names that opens; `why` says what is missing else.
  static std::optional<SharedLibrary> open(std::initializer_list<const char*> names,
                                           std::string& why);
  /// Throws base::Error where the library has no such function.
  template <class Function>
  Function get(const char* name) const {
    return reinterpret_cast<Function>(find(name));
  }

 private:
  explicit SharedLibrary(void* handle) : handle_(handle) {}
  void* find(const char* name) const;
  void* handle_;
};

struct Product {
  std::int32_t rows = 0;     ///< K
  std::int32_t columns = 0;  ///< N
  std::int64_t tokens = 0;   ///< M
  Number number = Number::bf16;
  const void* x = nullptr;  ///< on the device, [K][pitch]
  void* y = nullptr;        ///< on the device, [N][pitch]
};

/// A time, or one sentence why there is none.
struct BaselineResult {
  std::optional<Timing> timing;
  std::string note;
};

/// cuBLASLt, dense: the fastest of the heuristic's first eight. `weights` rows x columns.
BaselineResult time_cublaslt(const Product& product, std::span<const float> weights);
/// cuSPARSE SpMM on CSR of the non-zeros.
BaselineResult time_cusparse_csr(const Product& product, std::span<const float> weights);
/// cuSPARSE SpMM on Blocked-ELL of the non-zero blocks (block x block; both sides divisible).
BaselineResult time_cusparse_blocked_ell(const Product& product, std::span<const float> weights,
                                         int block);
/// cuSPARSELt, 2:4, the best of its own search; `weights` must be two of four along the rows.
BaselineResult time_cusparselt(const Product& product, std::span<const float> weights);

}  // namespace orrery::calibrate::gemm_cuda
