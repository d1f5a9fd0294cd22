// The processor's products as the calibrator measures them.
//
// A product is timed by the processor time of its slowest thread (gemm.hpp). All points together
// take some 3 s for five repeats of each on two processors of 2.6 GHz with AVX-512.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "calibrate/device/threads.hpp"
#include "calibrate/kernels/errors.hpp"
#include "calibrate/kernels/gemm/cpu_machine.hpp"
#include "calibrate/kernels/gemm/cpu_products.hpp"
#include "calibrate/kernels/gemm/fit/fitted_costs.hpp"
#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/reference.hpp"
#include "calibrate/kernels/registry.hpp"
#include "models/base/error.hpp"
#include "models/base/random.hpp"

namespace orrery::calibrate::gemm {

namespace {

constexpr double kExpectedFlops = 5e10;  // of one thread, for estimates
constexpr double kLargestError = 1e-5;
constexpr std::int64_t kSampledTokens = 16;
/// One thread's products are fitted by themselves where there are at least so many.
constexpr std::size_t kFewestOfOneThread = 12;

/// Drawn once for all points: drawing millions of values anew at each visit took longer than timing
/// the product. As many as a prime, so that no two rows of a matrix are alike.
const std::vector<float>& pool() {
  static const std::vector<float> values = [] {
    constexpr std::size_t kPrime = 65521;
    base::RandomStream random(1, "gemm values");
    std::vector<float> drawn(kPrime);
    for (float& value : drawn) value = static_cast<float>(random.uniform() - 0.5);
    return drawn;
  }();
  return values;
}

/// `count` values of the pool, over and over, from place `begin` on.
std::vector<float> drawn(std::size_t begin, std::int64_t count) {
  const auto wanted = static_cast<std::size_t>(count);
  std::vector<float> values;
  values.reserve(wanted);
  for (std::size_t at = begin % pool().size(); values.size() < wanted; at = 0) {
    const std::size_t some = std::min(pool().size() - at, wanted - values.size());
    const auto from = pool().begin() + static_cast<std::ptrdiff_t>(at);
    values.insert(values.end(), from, from + static_cast<std::ptrdiff_t>(some));
  }
  return values;
}

class PreparedProduct : public PreparedPoint {
 public:
  PreparedProduct(const CalibrationPoint& point, const ProductPoint& product)
      : id_(point.id), product_(product), layout_(layout_of(product)) {
    const models::gemm::GemmShape& shape = product.shape;
    weights_ = drawn(0, shape.k * shape.n);
    drop_two_of_four();
    x_ = drawn(pool().size() / 2, shape.k * shape.m);
    y_.resize(static_cast<std::size_t>(shape.n * shape.m));
    packed_ = pack(layout_, weights_);
  }

  RunTime run_once() override {
    return multiply_timed(packed_, x_, y_, product_.shape.m, product_.threads, best_isa());
  }

  void check() override {
    run_once();
    const models::gemm::GemmShape& shape = product_.shape;
    const std::vector<std::int64_t> tokens = sampled();
    const auto wanted =
        reference_product(masked(layout_, weights_), columns_of(x_, shape.k, tokens), shape.k,
                          shape.n, static_cast<std::int64_t>(tokens.size()));
    const double error = relative_error(columns_of(y_, shape.n, tokens), wanted);
    if (!(error < kLargestError))
      throw base::Error(
          {id_, 0, 0, ""},
          fmt::format("differs from double precision by {:.1e}, expected below {:.0e}", error,
                      kLargestError),
          base::Fault::run_failed);
  }

 private:
  /// The two smallest of four consecutive kept rows become zero where the layout is 2:4.
  void drop_two_of_four() {
    if (!layout_.two_of_four) return;
    for (const models::sparsity::Panel& panel : layout_.panels)
      for (std::size_t k = 0; k < panel.rows.size(); ++k)
        if (k % 4 >= 2)
          for (const std::int32_t column : panel.columns)
            weights_[static_cast<std::size_t>(std::int64_t{panel.rows[k]} * layout_.columns +
                                              column)] = 0;
  }

  /// Spread over all tokens, the last one included: tails are where errors hide.
  std::vector<std::int64_t> sampled() const {
    const std::int64_t count = std::min(kSampledTokens, product_.shape.m);
    std::vector<std::int64_t> tokens;
    for (std::int64_t i = 1; i <= count; ++i) tokens.push_back(product_.shape.m * i / count - 1);
    return tokens;
  }

  std::vector<float> columns_of(std::span<const float> matrix, std::int64_t rows,
                                const std::vector<std::int64_t>& tokens) const {
    std::vector<float> chosen;
    for (std::int64_t row = 0; row < rows; ++row)
      for (const std::int64_t token : tokens)
        chosen.push_back(matrix[static_cast<std::size_t>(row * product_.shape.m + token)]);
    return chosen;
  }

  std::string id_;
  ProductPoint product_;
  models::sparsity::TileLayout layout_;
  std::vector<float> weights_;
  std::vector<float> x_;
  std::vector<float> y_;
  PackedWeights packed_;
};

/// What the products of so many threads say.
std::vector<models::FittedCost> fit_threads(std::span<const MeasuredPoint> points, int threads,
                                            std::uint64_t seed) {
  std::vector<fit::TimedProduct> products;
  double peak = 0;
  for (const MeasuredPoint& measured : points) {
    const ProductPoint product = product_of(measured.point);
    if (product.threads != threads) continue;
    fit::TimedProduct timed{work_of(product, kElementBytes), measured};
    timed.work.zero_fill = true;  // the kernels write pruned columns too
    products.push_back(std::move(timed));
    if (measured.seconds > 0) peak = std::max(peak, flops_of(product) / measured.seconds);
  }
  fit::GemmFitOptions options;
  options.seed = seed;
  options.residual = 0.02;
  options.draws = 150;
  options.starts = 2;
  options.evaluations = 400;
  // No product can beat the peak: a little above what the best of them reached.
  return fit::fitted_costs(products, cpu_machine(threads, strip_tokens(best_isa())),
                           cpu_priors(threads, 1.15 * std::max(peak, 1.0)), options);
}

class CpuKernel : public Kernel {
 public:
  std::string_view name() const override { return "gemm"; }
  Backend backend() const override { return Backend::cpu; }

  models::NamedNumbers hardware() const override {
    return {{"threads", threads()},
            {"peak_flops_per_second", peak_flops(best_isa(), 0.05) * threads()}};
  }

  models::NamedTexts libraries() const override {
    return {{"gemm kernels", std::string(to_string(best_isa()))}};
  }

  std::vector<CalibrationPoint> points() const override {
    std::vector<CalibrationPoint> points;
    const int strip = strip_tokens(best_isa());
    for (const int count : {threads(), 1}) {
      for (const ProductPoint& product : cpu_products(count, strip))
        points.push_back(calibration_point(product, kExpectedFlops));
      if (threads() == 1) break;
    }
    return points;
  }

  std::unique_ptr<PreparedPoint> prepare(const CalibrationPoint& point) const override {
    const ProductPoint product = product_of(point);
    try {
      return std::make_unique<PreparedProduct>(point, product);
    } catch (const std::bad_alloc&) {
      throw OutOfMemory(point.id + ": found too little memory for its matrices");
    }
  }

  /// Variant `dense` of the most threads measured, and `dense-one-thread` beside it.
  std::vector<models::FittedCost> fit(std::span<const MeasuredPoint> points,
                                      std::uint64_t seed) const override {
    int most = 1;
    std::size_t of_one = 0;
    for (const MeasuredPoint& measured : points) {
      const int count = product_of(measured.point).threads;
      most = std::max(most, count);
      if (count == 1) ++of_one;
    }
    std::vector<models::FittedCost> costs = fit_threads(points, most, seed);
    if (most == 1 || of_one < kFewestOfOneThread) return costs;
    for (models::FittedCost& cost : fit_threads(points, 1, seed)) {
      cost.variant += "-one-thread";
      costs.push_back(std::move(cost));
    }
    return costs;
  }

 private:
  int threads() const { return threads_; }

  int threads_ = usable_threads();
};

std::unique_ptr<Kernel> make_cpu_kernel(std::string&) {
  return std::make_unique<CpuKernel>();
}

const KernelRegistration kRegistration("gemm", Backend::cpu, make_cpu_kernel);

}  // namespace

}  // namespace orrery::calibrate::gemm
