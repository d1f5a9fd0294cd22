#include "calibrate/kernels/gemm/product_point.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/kernels/gemm/layouts.hpp"
#include "models/base/error.hpp"
#include "models/base/random.hpp"

namespace orrery::calibrate::gemm {

namespace {

using models::gemm::GemmKernel;

constexpr std::uint64_t kSeed = 1;
/// Products beyond this are not measured here, so that dimensions fit the kernels' integers.
constexpr double kLongest = 1e6;

[[noreturn]] void fail(const CalibrationPoint& point, std::string_view key, double found,
                       std::string_view expected) {
  throw base::Error({point.id, 0, 0, std::string(key)},
                    fmt::format("found {}, expected {}", found, expected));
}

double feature(const CalibrationPoint& point, std::string_view name) {
  const auto value = models::find_number(point.features, name);
  if (!value)
    throw base::Error({point.id, 0, 0, std::string(name)}, "is missing, expected a number");
  return *value;
}

std::int32_t whole(const CalibrationPoint& point, std::string_view name, double least) {
  const double value = feature(point, name);
  if (!(value >= least && value <= kLongest) || value != std::floor(value))
    fail(point, name, value, fmt::format("a whole number from {} to {}", least, kLongest));
  return static_cast<std::int32_t>(value);
}

/// The share of W that tiles keep: TVW leaves the rest to 2:4.
double tile_sparsity(const ProductPoint& product) {
  return product.kernel == GemmKernel::tvw ? 1 - 2 * (1 - product.sparsity) : product.sparsity;
}

bool tiled(GemmKernel kernel) {
  return kernel == GemmKernel::tw || kernel == GemmKernel::tvw;
}

}  // namespace

CalibrationPoint calibration_point(const ProductPoint& product, double flops_per_second) {
  CalibrationPoint point;
  point.variant = models::gemm::to_string(product.kernel);
  point.id =
      fmt::format("{}-{}x{}x{}", point.variant, product.shape.m, product.shape.n, product.shape.k);
  if (product.sparsity > 0) point.id += fmt::format("-s{}", product.sparsity);
  if (product.width > 0) point.id += fmt::format("-g{}", product.width);
  point.id += fmt::format("-t{}", product.threads);
  point.features = {{"m", static_cast<double>(product.shape.m)},
                    {"n", static_cast<double>(product.shape.n)},
                    {"k", static_cast<double>(product.shape.k)},
                    {"sparsity", product.sparsity},
                    {"width", product.width},
                    {"threads", product.threads}};
  point.estimated_seconds = flops_of(product) / (flops_per_second * product.threads);
  return point;
}

ProductPoint product_of(const CalibrationPoint& point) {
  const auto kernel = models::gemm::parse_gemm_kernel(point.variant);
  if (!kernel || *kernel == GemmKernel::bw)
    throw base::Error(
        {point.id, 0, 0, "variant"},
        fmt::format("found '{}', expected dense, tw, 2:4, tvw or csr", point.variant));
  ProductPoint product;
  product.kernel = *kernel;
  product.shape = {whole(point, "m", 1), whole(point, "n", 1), whole(point, "k", 1)};
  product.sparsity = feature(point, "sparsity");
  const double least = product.kernel == GemmKernel::tvw ? 0.5 : 0;
  if (!(product.sparsity >= least && product.sparsity < 1))
    fail(point, "sparsity", product.sparsity, fmt::format("a number from {} to below 1", least));
  product.width = whole(point, "width", tiled(*kernel) ? 1 : 0);
  product.threads = whole(point, "threads", 1);
  return product;
}

models::sparsity::TileLayout layout_of(const ProductPoint& product) {
  const auto rows = static_cast<std::int32_t>(product.shape.k);
  const auto columns = static_cast<std::int32_t>(product.shape.n);
  if (tiled(product.kernel)) {
    models::sparsity::TileLayout layout =
        random_tile_layout(rows, columns, tile_sparsity(product), product.width, kSeed);
    layout.two_of_four = product.kernel == GemmKernel::tvw;
    return layout;
  }
  if (product.kernel == GemmKernel::csr) {
    base::RandomStream random(kSeed, "elements");
    std::vector<bool> kept(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = random.uniform() >= product.sparsity;
    return element_layout(rows, columns, kept);
  }
  models::sparsity::TileLayout layout = dense_layout(rows, columns);
  layout.two_of_four = product.kernel == GemmKernel::two_of_four;
  return layout;
}

models::gemm::GemmWork work_of(const ProductPoint& product, double element_bytes) {
  models::gemm::GemmWork work;
  if (tiled(product.kernel)) work = models::gemm::tile_work(layout_of(product), product.shape.m);
  if (product.kernel == GemmKernel::csr)
    work = models::gemm::csr_work(product.shape, product.sparsity);
  if (product.kernel == GemmKernel::dense) work = models::gemm::dense_work(product.shape);
  if (product.kernel == GemmKernel::two_of_four)
    work = models::gemm::two_of_four_work(product.shape);
  work.element_bytes = element_bytes;
  return work;
}

double flops_of(const ProductPoint& product) {
  return 2 * static_cast<double>(product.shape.m) * static_cast<double>(product.shape.n) *
         static_cast<double>(product.shape.k) * (1 - product.sparsity);
}

}  // namespace orrery::calibrate::gemm
