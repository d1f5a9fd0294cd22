#include <cusparse.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "calibrate/kernels/gemm/cuda/baselines.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

void check(cusparseStatus_t status, const char* what) {
  if (status == CUSPARSE_STATUS_SUCCESS) return;
  throw base::Error({.file = {}, .line = 0, .column = 0, .key = "cusparse"},
                    fmt::format("{}: status {}", what, static_cast<int>(status)),
                    base::Fault::run_failed);
}

// NOLINTNEXTLINE(bugprone-macro-parentheses): a name is pasted, not a value.
#define ORRERY_GET(name) const auto name##_ = library.get<decltype(&name)>(#name)

cudaDataType_t type_of(const Product& product) {
  return product.number == Number::bf16 ? CUDA_R_16BF : CUDA_R_16F;
}

/// Y^T (N x M, rows contiguous) = `matrix` (N x K) X^T (K x M).
Timing time_product(const SharedLibrary& library, cusparseHandle_t handle, const Product& product,
                    cusparseSpMatDescr_t matrix, cusparseSpMMAlg_t algorithm) {
  ORRERY_GET(cusparseCreateDnMat);
  ORRERY_GET(cusparseDestroyDnMat);
  ORRERY_GET(cusparseSpMM_bufferSize);
  ORRERY_GET(cusparseSpMM_preprocess);
  ORRERY_GET(cusparseSpMM);
  cusparseDnMatDescr_t x = nullptr;
  cusparseDnMatDescr_t y = nullptr;
  const std::int64_t pitch = pitch_of(product.tokens);
  check(cusparseCreateDnMat_(&x, product.rows, product.tokens, pitch, const_cast<void*>(product.x),
                             type_of(product), CUSPARSE_ORDER_ROW),
        "describing X");
  check(cusparseCreateDnMat_(&y, product.columns, product.tokens, pitch, product.y,
                             type_of(product), CUSPARSE_ORDER_ROW),
        "describing Y");
  const float one = 1;
  const float zero = 0;
  const auto plain = CUSPARSE_OPERATION_NON_TRANSPOSE;
  std::size_t bytes = 0;
  check(cusparseSpMM_bufferSize_(handle, plain, plain, &one, matrix, x, &zero, y, CUDA_R_32F,
                                 algorithm, &bytes),
        "asking for the workspace");
  CudaBuffer workspace(std::max<std::size_t>(bytes, 16));
  check(cusparseSpMM_preprocess_(handle, plain, plain, &one, matrix, x, &zero, y, CUDA_R_32F,
                                 algorithm, workspace.data()),
        "preparing");
  const Timing timing = time_launches([&] {
    check(cusparseSpMM_(handle, plain, plain, &one, matrix, x, &zero, y, CUDA_R_32F, algorithm,
                        workspace.data()),
          "multiplying");
  });
  cusparseDestroyDnMat_(x);
  cusparseDestroyDnMat_(y);
  return timing;
}

/// Opens the library and a handle, and times what `make` describes.
template <class Make>
BaselineResult time_with(const Product& product, cusparseSpMMAlg_t algorithm, Make make) {
  BaselineResult result;
  const auto opened = SharedLibrary::open({"libcusparse.so.12", "libcusparse.so"}, result.note);
  if (!opened) return result;
  const SharedLibrary& library = *opened;
  ORRERY_GET(cusparseCreate);
  ORRERY_GET(cusparseDestroy);
  ORRERY_GET(cusparseDestroySpMat);
  cusparseHandle_t handle = nullptr;
  check(cusparseCreate_(&handle), "opening the library");
  cusparseSpMatDescr_t matrix = make(library);
  result.timing = time_product(library, handle, product, matrix, algorithm);
  cusparseDestroySpMat_(matrix);
  cusparseDestroy_(handle);
  return result;
}

}  // namespace

BaselineResult time_cusparse_csr(const Product& product, std::span<const float> weights) {
  const auto n = static_cast<std::size_t>(product.columns);
  std::vector<std::int32_t> offsets{0};
  std::vector<std::int32_t> indices;
  std::vector<std::uint16_t> values;
  for (std::size_t column = 0; column < n; ++column) {
    for (std::int32_t row = 0; row < product.rows; ++row) {
      const float weight = weights[static_cast<std::size_t>(row) * n + column];
      if (weight == 0) continue;
      indices.push_back(row);
      values.push_back(to_bits(weight, product.number));
    }
    offsets.push_back(static_cast<std::int32_t>(indices.size()));
  }
  const CudaBuffer d_offsets = uploaded(offsets);
  const CudaBuffer d_indices = uploaded(indices);
  const CudaBuffer d_values = uploaded(values);
  return time_with(product, CUSPARSE_SPMM_CSR_ALG2, [&](const SharedLibrary& library) {
    ORRERY_GET(cusparseCreateCsr);
    cusparseSpMatDescr_t matrix = nullptr;
    check(cusparseCreateCsr_(&matrix, product.columns, product.rows,
                             static_cast<std::int64_t>(values.size()), d_offsets.data(),
                             d_indices.data(), d_values.data(), CUSPARSE_INDEX_32I,
                             CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO, type_of(product)),
          "describing W");
    return matrix;
  });
}

BaselineResult time_cusparse_blocked_ell(const Product& product, std::span<const float> weights,
                                         int block) {
  if (product.rows % block != 0 || product.columns % block != 0) {
    return {std::nullopt, "sides not divisible by the block: skipped"};
  }
  const auto n = static_cast<std::size_t>(product.columns);
  const auto side = static_cast<std::size_t>(block);
  const std::size_t lines = n / side;
  const std::size_t across = static_cast<std::size_t>(product.rows) / side;
  const auto there = [&](std::size_t line, std::size_t at) {
    for (std::size_t i = 0; i < side; ++i) {
      for (std::size_t j = 0; j < side; ++j) {
        if (weights[(at * side + j) * n + line * side + i] != 0) return true;
      }
    }
    return false;
  };
  std::vector<std::vector<std::int32_t>> kept(lines);
  std::size_t longest = 1;
  for (std::size_t line = 0; line < lines; ++line) {
    for (std::size_t at = 0; at < across; ++at) {
      if (there(line, at)) kept[line].push_back(static_cast<std::int32_t>(at));
    }
    longest = std::max(longest, kept[line].size());
  }
  std::vector<std::int32_t> indices(lines * longest, -1);
  std::vector<std::uint16_t> values(n * longest * side, 0);
  for (std::size_t line = 0; line < lines; ++line) {
    for (std::size_t slot = 0; slot < kept[line].size(); ++slot) {
      indices[line * longest + slot] = kept[line][slot];
      for (std::size_t i = 0; i < side; ++i) {
        for (std::size_t j = 0; j < side; ++j) {
          const std::size_t row = static_cast<std::size_t>(kept[line][slot]) * side + j;
          // Rows of W^T one after the other, as long as the longest has blocks.
          values[(line * side + i) * longest * side + slot * side + j] =
              to_bits(weights[row * n + line * side + i], product.number);
        }
      }
    }
  }
  const CudaBuffer d_indices = uploaded(indices);
  const CudaBuffer d_values = uploaded(values);
  return time_with(product, CUSPARSE_SPMM_BLOCKED_ELL_ALG1, [&](const SharedLibrary& library) {
    ORRERY_GET(cusparseCreateBlockedEll);
    cusparseSpMatDescr_t matrix = nullptr;
    check(cusparseCreateBlockedEll_(&matrix, product.columns, product.rows, block,
                                    static_cast<std::int64_t>(longest * side), d_indices.data(),
                                    d_values.data(), CUSPARSE_INDEX_32I, CUSPARSE_INDEX_BASE_ZERO,
                                    type_of(product)),
          "describing W");
    return matrix;
  });
}

}  // namespace orrery::calibrate::gemm_cuda
