// cuSPARSELt is not in the toolkit: what is needed of its C interface is declared here by hand.
//
// READ: NVIDIA's documentation of cuSPARSELt, "Functions" and "Data Types", as of 0.6 and later,
// where a plan takes no size of a workspace and compressing takes a buffer. INFERRED: the numbers
// of its enumerators (its pages name them without numbers; public declarations of 0.8 and 0.10
// agree), and that opaque objects are no larger than 16 KiB (11 KiB once, 512 bytes of late). A
// wrong guess shows as a refusal or in the check against double precision, never as a ratio.
#include <cuda_runtime_api.h>
#include <fmt/format.h>
#include <library_types.h>

#include <algorithm>
#include <array>

#include "calibrate/device/cuda_errors.hpp"
#include "calibrate/kernels/gemm/cuda/baselines.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate::gemm_cuda {
namespace {

constexpr int least_version = 600;
constexpr int no_transpose = 0;       // CUSPARSE_OPERATION_NON_TRANSPOSE
constexpr int row_order = 2;          // CUSPARSE_ORDER_ROW
constexpr int half_of_four = 0;       // CUSPARSELT_SPARSITY_50_PERCENT
constexpr int sums_of_32_bits = 2;    // CUSPARSE_COMPUTE_32F
constexpr int default_algorithm = 0;  // CUSPARSELT_MATMUL_ALG_DEFAULT
constexpr std::uint32_t alignment = 16;

struct alignas(64) Opaque {
  std::array<unsigned char, 16384> bytes{};
};

void check(int status, const char* what) {
  if (status == 0) return;
  throw base::Error({.file = {}, .line = 0, .column = 0, .key = "cusparseLt"},
                    fmt::format("{}: status {}", what, status), base::Fault::run_failed);
}

/// The functions that are called, by the library's own names.
struct Functions {
  explicit Functions(const SharedLibrary& library)
      : init(library.get<decltype(init)>("cusparseLtInit")),
        destroy(library.get<decltype(destroy)>("cusparseLtDestroy")),
        version(library.get<decltype(version)>("cusparseLtGetVersion")),
        dense(library.get<decltype(dense)>("cusparseLtDenseDescriptorInit")),
        structured(library.get<decltype(structured)>("cusparseLtStructuredDescriptorInit")),
        forget(library.get<decltype(forget)>("cusparseLtMatDescriptorDestroy")),
        describe(library.get<decltype(describe)>("cusparseLtMatmulDescriptorInit")),
        select(library.get<decltype(select)>("cusparseLtMatmulAlgSelectionInit")),
        plan(library.get<decltype(plan)>("cusparseLtMatmulPlanInit")),
        unplan(library.get<decltype(unplan)>("cusparseLtMatmulPlanDestroy")),
        workspace(library.get<decltype(workspace)>("cusparseLtMatmulGetWorkspace")),
        compressed_size(library.get<decltype(compressed_size)>("cusparseLtSpMMACompressedSize")),
        compress(library.get<decltype(compress)>("cusparseLtSpMMACompress")),
        multiply(library.get<decltype(multiply)>("cusparseLtMatmul")),
        search(library.get<decltype(search)>("cusparseLtMatmulSearch")) {}

  using Multiply = int (*)(const Opaque* handle, Opaque* plan, const void* alpha, const void* a,
                           const void* b, const void* beta, const void* c, void* d, void* workspace,
                           cudaStream_t* streams, std::int32_t stream_count);
  int (*init)(Opaque* handle);
  int (*destroy)(const Opaque* handle);
  int (*version)(const Opaque* handle, int* version);
  int (*dense)(const Opaque* handle, Opaque* matrix, std::int64_t rows, std::int64_t columns,
               std::int64_t pitch, std::uint32_t alignment, cudaDataType type, int order);
  int (*structured)(const Opaque* handle, Opaque* matrix, std::int64_t rows, std::int64_t columns,
                    std::int64_t pitch, std::uint32_t alignment, cudaDataType type, int order,
                    int sparsity);
  int (*forget)(const Opaque* matrix);
  int (*describe)(const Opaque* handle, Opaque* product, int transpose_a, int transpose_b,
                  const Opaque* a, const Opaque* b, const Opaque* c, const Opaque* d, int compute);
  int (*select)(const Opaque* handle, Opaque* selection, const Opaque* product, int algorithm);
  int (*plan)(const Opaque* handle, Opaque* plan, const Opaque* product, const Opaque* selection);
  int (*unplan)(const Opaque* plan);
  int (*workspace)(const Opaque* handle, const Opaque* plan, std::size_t* bytes);
  int (*compressed_size)(const Opaque* handle, const Opaque* plan, std::size_t* bytes,
                         std::size_t* buffer_bytes);
  int (*compress)(const Opaque* handle, const Opaque* plan, const void* dense, void* compressed,
                  void* buffer, cudaStream_t stream);
  Multiply multiply;
  Multiply search;
};

CudaBuffer at_least_16(std::size_t bytes) {
  return CudaBuffer(std::max<std::size_t>(bytes, 16));
}

/// Y^T (N x M) = W^T (N x K, 2:4) X^T (K x M), rows contiguous.
BaselineResult time_product(const Functions& lt, const Opaque& handle, const Product& product,
                            const CudaBuffer& weights) {
  const cudaDataType type = product.number == Number::bf16 ? CUDA_R_16BF : CUDA_R_16F;
  const std::int64_t pitch = pitch_of(product.tokens);
  Opaque w;
  Opaque x;
  Opaque y;
  Opaque described;
  Opaque selection;
  Opaque plan;
  check(lt.structured(&handle, &w, product.columns, product.rows, product.rows, alignment, type,
                      row_order, half_of_four),
        "describing W");
  check(lt.dense(&handle, &x, product.rows, product.tokens, pitch, alignment, type, row_order),
        "describing X");
  check(lt.dense(&handle, &y, product.columns, product.tokens, pitch, alignment, type, row_order),
        "describing Y");
  check(
      lt.describe(&handle, &described, no_transpose, no_transpose, &w, &x, &y, &y, sums_of_32_bits),
      "describing the product");
  check(lt.select(&handle, &selection, &described, default_algorithm), "choosing an algorithm");
  check(lt.plan(&handle, &plan, &described, &selection), "planning");
  std::size_t bytes = 0;
  std::size_t buffer_bytes = 0;
  check(lt.compressed_size(&handle, &plan, &bytes, &buffer_bytes), "asking for the size of W");
  const CudaBuffer compressed = at_least_16(bytes);
  const CudaBuffer buffer = at_least_16(buffer_bytes);
  check(lt.compress(&handle, &plan, weights.data(), compressed.data(), buffer.data(), nullptr),
        "compressing W");
  const float one = 1;
  const float zero = 0;
  const bool searched = lt.search(&handle, &plan, &one, compressed.data(), product.x, &zero,
                                  product.y, product.y, nullptr, nullptr, 0) == 0;
  wait_for_gpu("cuSPARSELt's search");
  check(lt.workspace(&handle, &plan, &bytes), "asking for the workspace");
  const CudaBuffer workspace = at_least_16(bytes);
  BaselineResult result;
  result.timing = time_launches([&] {
    check(lt.multiply(&handle, &plan, &one, compressed.data(), product.x, &zero, product.y,
                      product.y, workspace.data(), nullptr, 0),
          "multiplying");
  });
  wait_for_gpu("cuSPARSELt");
  result.note = searched ? "best of its search" : "its default: the search failed";
  lt.unplan(&plan);
  lt.forget(&w);
  lt.forget(&x);
  lt.forget(&y);
  return result;
}

}  // namespace

BaselineResult time_cusparselt(const Product& product, std::span<const float> weights) {
  BaselineResult result;
  const auto library = SharedLibrary::open({"libcusparseLt.so.0", "libcusparseLt.so"}, result.note);
  if (!library) return result;
  const Functions lt(*library);
  Opaque handle;
  check(lt.init(&handle), "opening the library");
  int version = 0;
  check(lt.version(&handle, &version), "asking for the version");
  if (version < least_version) {
    lt.destroy(&handle);
    result.note = fmt::format("libcusparseLt is of version {}; expected {} or later: skipped",
                              version, least_version);
    return result;
  }
  const auto rows = static_cast<std::size_t>(product.rows);
  const auto columns = static_cast<std::size_t>(product.columns);
  std::vector<std::uint16_t> transposed(weights.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      transposed[column * rows + row] = to_bits(weights[row * columns + column], product.number);
    }
  }
  CudaBuffer w(transposed.size() * 2);
  w.upload(transposed.data(), transposed.size() * 2);
  result = time_product(lt, handle, product, w);
  result.note += fmt::format(", version {}", version);
  lt.destroy(&handle);
  return result;
}

}  // namespace orrery::calibrate::gemm_cuda
