#include "models/training/product_prices.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace orrery::models {

namespace {

/// Dimensions beyond this are not exact and never asked for.
constexpr double kLongest = 1e9;

std::int64_t dimension(double exact) {
  return static_cast<std::int64_t>(std::clamp(std::floor(exact + 0.5), 1.0, kLongest));
}

}  // namespace

gemm::GemmShape product_shape(const MatrixProduct& product, double samples, int tp) {
  const bool each = product.role == ProductRole::activations;
  const double rows = product.rows * (each ? 1 : samples);
  double outputs = product.outputs;
  double depth = product.depth;
  double count = product.count * (each ? samples : 1);
  if (product.cut == ProductCut::outputs) outputs /= tp;
  if (product.cut == ProductCut::depth) depth /= tp;
  if (product.cut == ProductCut::count) count /= tp;
  return {dimension(rows), dimension(outputs * std::max(1.0, count)), dimension(depth)};
}

ProductPrices::ProductPrices(gemm::GemmMachine machine, double element_bytes,
                             double peak_flops_per_second, bool measured)
    : machine_(std::move(machine)),
      element_bytes_(element_bytes),
      peak_(peak_flops_per_second),
      measured_(measured) {
  check(machine_);
}

gemm::GemmCost ProductPrices::price(gemm::GemmWork work) const {
  work.element_bytes = element_bytes_;
  if (work.kernel == gemm::GemmKernel::dense) return gemm::gemm_cost(work, machine_);
  gemm::GemmWork dense = gemm::dense_work(work.shape);
  dense.element_bytes = element_bytes_;
  gemm::GemmCost cost = gemm::uncorrected_cost(work, machine_);
  cost.seconds *=
      gemm::gemm_cost(dense, machine_).seconds / gemm::uncorrected_cost(dense, machine_).seconds;
  return cost;
}

double ProductPrices::seconds(const Question& question) const {
  const auto [found, fresh] = known_.try_emplace(question);
  if (!fresh) return found->second;
  const gemm::GemmShape shape{question.m, question.n, question.k};
  gemm::GemmWork work = question.direction == Direction::forward
                            ? gemm::pruned_work(shape, question.pruning)
                        : question.direction == Direction::input_gradient
                            ? gemm::input_gradient_work(shape, question.pruning)
                            : gemm::dense_work(shape);
  work.element_bytes = element_bytes_;
  const bool corrected = question.direction == Direction::dense;
  found->second =
      (corrected ? gemm::gemm_cost(work, machine_) : gemm::uncorrected_cost(work, machine_))
          .seconds;
  return found->second;
}

double ProductPrices::dense_seconds(const Layer& layer, double samples, int tp) const {
  double sum = 0;
  for (const MatrixProduct& product : layer.products) {
    const gemm::GemmShape shape = product_shape(product, samples, tp);
    sum += seconds({shape.m, shape.n, shape.k, Direction::dense, {}});
  }
  return sum;
}

PrunedShares ProductPrices::shares(const Layer& layer, double samples, int tp,
                                   const gemm::Pruning& pruning) const {
  double dense = 0;
  double forward = 0;
  double input_gradient = 0;
  for (const MatrixProduct& product : layer.products) {
    const gemm::GemmShape s = product_shape(product, samples, tp);
    const double whole = seconds({s.m, s.n, s.k, Direction::uncorrected_dense, {}});
    const bool cut = product.role == ProductRole::weights;
    dense += whole;
    forward += cut ? seconds({s.m, s.n, s.k, Direction::forward, pruning}) : whole;
    input_gradient += cut ? seconds({s.m, s.n, s.k, Direction::input_gradient, pruning}) : whole;
  }
  if (dense <= 0) return {};
  return {forward / dense, input_gradient / dense};
}

gemm::GemmMachine data_sheet_machine(const GpuType& gpu) {
  constexpr double kEfficiency = 0.5;
  constexpr double kTrafficEfficiency = 0.7;
  constexpr double kCsrShare = 0.045;
  constexpr double kNoLimit = 1e30;
  constexpr std::array<std::string_view, 4> kTwoOfFour{"Ampere", "Ada", "Hopper", "Blackwell"};
  gemm::GemmMachine machine;
  machine.name = std::string(gpu.name) + ", data sheet";
  machine.cache_bytes = kNoLimit;
  machine.memory_bytes_per_second = gpu.memory_bytes_per_second.value;
  machine.tiles = gemm::gpu_tiles();
  machine.two_of_four_accelerated =
      std::any_of(kTwoOfFour.begin(), kTwoOfFour.end(),
                  [&](std::string_view name) { return gpu.architecture.starts_with(name); });
  const Sourced& peak =
      gpu.fp16_flops_per_second ? *gpu.fp16_flops_per_second : gpu.fp32_flops_per_second;
  machine.dense.flops_per_second = kEfficiency * peak.value;
  machine.dense.bandwidth_fraction = kTrafficEfficiency;
  machine.csr_flops_per_second = kCsrShare * machine.dense.flops_per_second;
  return machine;
}

}  // namespace orrery::models
