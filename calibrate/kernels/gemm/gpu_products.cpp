#include "calibrate/kernels/gemm/gpu_products.hpp"

#include <algorithm>
#include <utility>

#include "calibrate/kernels/gemm/fit/fitted_costs.hpp"

namespace orrery::calibrate::gemm {

using models::gemm::GemmKernel;
using models::gemm::GemmMachine;
using models::gemm::GemmShape;
using models::gemm::TileClass;

namespace {

constexpr double kElementBytes16 = 2;
constexpr GemmShape kSquare = {4096, 4096, 4096};
constexpr GemmShape kBert = {12800, 3072, 768};

/// Dense (docs/systems/tvw.md, "Calibration points"): M by (N, K), the corners of both first.
constexpr GemmShape kDenseShapes[] = {
    {256, 768, 768},    {12800, 4096, 4096}, {4096, 768, 3072}, {1024, 3072, 768},
    {256, 4096, 4096},  {12800, 768, 768},   {1024, 768, 768},  {4096, 4096, 4096},
    {12800, 3072, 768}, {256, 768, 3072},    {4096, 3072, 768}, {1024, 4096, 4096},
    {12800, 768, 3072}, {1024, 768, 3072},   {4096, 768, 768},  {256, 3072, 768},
};

/// 2:4: two squares (docs/systems/tvw.md, "Calibration points"), then ours.
constexpr GemmShape kTwoOfFour[] = {
    kSquare,           {8192, 8192, 8192}, {256, 768, 768},  {12800, 768, 3072}, {1024, 4096, 4096},
    {256, 4096, 4096}, {1024, 3072, 768},  {12800, 768, 768}};

struct Pruned {
  double sparsity;
  std::int32_t width;
};
constexpr Pruned kPruned[] = {{0.75, 128}, {0.5, 128},  {0.9375, 128}, {0.625, 128},
                              {0.75, 64},  {0.75, 256}, {0.875, 128}};

}  // namespace

std::vector<ProductPoint> gpu_products() {
  std::vector<ProductPoint> products;
  const auto add = [&](const GemmShape& shape, GemmKernel kernel, const Pruned& pruned = {0, 0}) {
    products.push_back({shape, kernel, pruned.sparsity, pruned.width, 1});
  };
  const auto add_pruned = [&](const GemmShape& shape, const Pruned& pruned) {
    add(shape, GemmKernel::tw, pruned);
    add(shape, GemmKernel::tvw, pruned);
  };
  for (std::size_t i = 0; i < std::size(kDenseShapes); ++i) {
    add(kDenseShapes[i], GemmKernel::dense);
    if (i < std::size(kTwoOfFour)) add(kTwoOfFour[i], GemmKernel::two_of_four, {0.5, 0});
    if (i < std::size(kPruned)) add_pruned(kSquare, kPruned[i]);
  }
  add(kSquare, GemmKernel::tw, {0, 128});
  for (const Pruned& pruned : {Pruned{0.75, 128}, Pruned{0.875, 128}}) {
    add_pruned(kBert, pruned);
    add_pruned({1024, 4096, 4096}, pruned);
    add_pruned({256, 3072, 768}, pruned);
  }
  return products;
}

GemmMachine gpu_machine(const GpuConstants& constants) {
  GemmMachine machine;
  machine.name = "gpu";
  machine.multiprocessors = constants.multiprocessors;
  machine.slots_per_multiprocessor = 2;
  machine.cache_bytes = constants.cache_bytes;
  machine.memory_bytes_per_second = constants.memory_bytes_per_second;
  machine.depth_step = 32;
  machine.tiles = {{128, 128, TileClass::large}, {128, 64, TileClass::half}};
  machine.order = models::gemm::TileOrder::panels;
  return machine;
}

std::vector<models::FittedCost> fit_gpu_products(std::span<const MeasuredPoint> points,
                                                 const GpuConstants& constants,
                                                 std::uint64_t seed) {
  std::vector<fit::TimedProduct> products;
  double peak = 1;
  for (const MeasuredPoint& measured : points) {
    const ProductPoint product = product_of(measured.point);
    products.push_back({work_of(product, kElementBytes16), measured});
    if (product.kernel == GemmKernel::dense && measured.seconds > 0)
      peak = std::max(peak, flops_of(product) / measured.seconds);
  }
  fit::GemmFitOptions options;
  options.seed = seed;
  options.residual = 0.03;
  options.order_known = true;
  // Nested folds cost many fits of points that are slow to predict.
  options.draws = 100;
  options.starts = 1;
  options.evaluations = 250;
  options.folds = 4;
  // No product can beat the peak: a little above what the best of them reached, and 2:4 its double.
  return fit::fitted_costs(products, gpu_machine(constants), fit::usual_rates(1.25 * peak),
                           options);
}

}  // namespace orrery::calibrate::gemm
