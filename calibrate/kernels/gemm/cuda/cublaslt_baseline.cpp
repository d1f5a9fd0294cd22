#include <cublasLt.h>
#include <fmt/format.h>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/kernels/gemm/cuda/baselines.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

constexpr std::size_t workspace_bytes = std::size_t{64} << 20;

void check(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw base::Error({.file = {}, .line = 0, .column = 0, .key = "cublasLt"},
                    fmt::format("{}: status {}", what, static_cast<int>(status)),
                    base::Fault::run_failed);
}

// NOLINTNEXTLINE(bugprone-macro-parentheses): a name is pasted, not a value.
#define ORRERY_GET(name) const auto name##_ = library->get<decltype(&name)>(#name)

}  // namespace

// Column-major to the library: Y (M x N) = X (M x K) W (K x N), pitches as they stand in memory.
BaselineResult time_cublaslt(const Product& product, std::span<const float> weights) {
  BaselineResult result;
  const auto library = SharedLibrary::open({"libcublasLt.so.13", "libcublasLt.so"}, result.note);
  if (!library) return result;
  ORRERY_GET(cublasLtCreate);
  ORRERY_GET(cublasLtDestroy);
  ORRERY_GET(cublasLtMatmulDescCreate);
  ORRERY_GET(cublasLtMatmulDescDestroy);
  ORRERY_GET(cublasLtMatrixLayoutCreate);
  ORRERY_GET(cublasLtMatrixLayoutDestroy);
  ORRERY_GET(cublasLtMatmulPreferenceCreate);
  ORRERY_GET(cublasLtMatmulPreferenceDestroy);
  ORRERY_GET(cublasLtMatmulPreferenceSetAttribute);
  ORRERY_GET(cublasLtMatmulAlgoGetHeuristic);
  ORRERY_GET(cublasLtMatmul);

  const auto k = static_cast<std::uint64_t>(product.rows);
  const auto n = static_cast<std::uint64_t>(product.columns);
  const auto m = static_cast<std::uint64_t>(product.tokens);
  const std::int64_t pitch = pitch_of(product.tokens);
  std::vector<std::uint16_t> transposed(weights.size());
  for (std::size_t row = 0; row < k; ++row) {
    for (std::size_t column = 0; column < n; ++column) {
      transposed[column * k + row] = to_bits(weights[row * n + column], product.number);
    }
  }
  CudaBuffer w(transposed.size() * 2);
  w.upload(transposed.data(), transposed.size() * 2);
  CudaBuffer workspace(workspace_bytes);

  const auto type = product.number == Number::bf16 ? CUDA_R_16BF : CUDA_R_16F;
  cublasLtHandle_t handle = nullptr;
  cublasLtMatmulDesc_t operation = nullptr;
  cublasLtMatrixLayout_t x_layout = nullptr;
  cublasLtMatrixLayout_t w_layout = nullptr;
  cublasLtMatrixLayout_t y_layout = nullptr;
  cublasLtMatmulPreference_t preference = nullptr;
  check(cublasLtCreate_(&handle), "opening the library");
  check(cublasLtMatmulDescCreate_(&operation, CUBLAS_COMPUTE_32F, CUDA_R_32F), "describing");
  check(cublasLtMatrixLayoutCreate_(&x_layout, type, m, k, pitch), "describing X");
  check(cublasLtMatrixLayoutCreate_(&w_layout, type, k, n, static_cast<std::int64_t>(k)),
        "describing W");
  check(cublasLtMatrixLayoutCreate_(&y_layout, type, m, n, pitch), "describing Y");
  check(cublasLtMatmulPreferenceCreate_(&preference), "preferring");
  check(cublasLtMatmulPreferenceSetAttribute_(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                                              &workspace_bytes, sizeof(workspace_bytes)),
        "giving a workspace");
  cublasLtMatmulHeuristicResult_t found[8] = {};
  int count = 0;
  check(cublasLtMatmulAlgoGetHeuristic_(handle, operation, x_layout, w_layout, y_layout, y_layout,
                                        preference, 8, found, &count),
        "asking the heuristic");
  const float one = 1;
  const float zero = 0;
  int tried = 0;
  int best = -1;
  const auto launch = [&](int i) {
    check(cublasLtMatmul_(handle, operation, &one, product.x, x_layout, w.data(), w_layout, &zero,
                          product.y, y_layout, product.y, y_layout, &found[i].algo,
                          workspace.data(), workspace_bytes, nullptr),
          "multiplying");
  };
  for (int i = 0; i < count; ++i) {
    if (found[i].state != CUBLAS_STATUS_SUCCESS) continue;
    ++tried;
    const Timing timing = time_launches([&] { launch(i); });
    if (!result.timing || timing.median_seconds < result.timing->median_seconds) {
      result.timing = timing;
      best = i;
    }
  }
  if (best >= 0) launch(best);
  wait_for_gpu("cuBLASLt");
  result.note = fmt::format("best of {} (number {} of the heuristic)", tried, best + 1);
  cublasLtMatmulPreferenceDestroy_(preference);
  cublasLtMatrixLayoutDestroy_(x_layout);
  cublasLtMatrixLayoutDestroy_(w_layout);
  cublasLtMatrixLayoutDestroy_(y_layout);
  cublasLtMatmulDescDestroy_(operation);
  cublasLtDestroy_(handle);
  return result;
}

}  // namespace orrery::calibrate::gemm_cuda
