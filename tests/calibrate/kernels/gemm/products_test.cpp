// What the calibrator measures of matrix products, and what it makes of their times.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "calibrate/kernels/gemm/cpu_machine.hpp"
#include "calibrate/kernels/gemm/cpu_products.hpp"
#include "calibrate/kernels/gemm/fit/rate_fit.hpp"
#include "calibrate/kernels/gemm/gemm.hpp"
#include "calibrate/kernels/gemm/gpu_products.hpp"
#include "calibrate/kernels/registry.hpp"
#include "models/base/error.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"

using namespace orrery;
using namespace orrery::calibrate;
using namespace orrery::calibrate::gemm;
using models::gemm::GemmKernel;
using models::gemm::GemmMachine;

namespace {

constexpr int kStrip = 48;
constexpr GpuConstants kGpu = {100, 40e6, 2e12};

std::size_t count(const std::vector<ProductPoint>& products, GemmKernel kernel) {
  return static_cast<std::size_t>(std::count_if(products.begin(), products.end(),
                                                [&](const auto& p) { return p.kernel == kernel; }));
}

template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

std::unique_ptr<Kernel> cpu_kernel() {
  for (const RegisteredKernel& registered : registered_kernels()) {
    std::string absent;
    if (registered.name == "gemm" && registered.backend == Backend::cpu)
      return registered.make(absent);
  }
  return nullptr;
}

/// A processor whose true rates are known.
GemmMachine true_processor(int threads) {
  GemmMachine machine = cpu_machine(threads, strip_tokens(best_isa()));
  machine.dense = cpu_priors(threads, 1.2e11 * threads).centre;
  machine.dense.start_seconds = 1e-6 * threads;
  machine.dense.flops_per_second = 1e11 * threads;
  machine.dense.tile_efficiency = {1, 0.9, 0.75, 0.7};
  machine.dense.bandwidth_fraction = 0.4;
  machine.dense.fill_rows = 12;
  machine.dense.cache_speedup = 3;
  machine.dense.row_seconds = 0;
  machine.csr_flops_per_second = 2e10 * threads;
  return machine;
}

GemmMachine true_gpu() {
  GemmMachine machine = gpu_machine(kGpu);
  machine.dense.start_seconds = 5e-6;
  machine.dense.flops_per_second = 3e14;
  machine.dense.tile_efficiency = {1, 0.9, 0.8, 0.7};
  machine.dense.gather_efficiency = 0.7;
  machine.two_of_four = machine.dense;
  machine.two_of_four->flops_per_second = 2.4e14;
  return machine;
}

MeasuredPoint timed(const ProductPoint& product, const GemmMachine& machine, double element_bytes,
                    double noise, base::RandomStream& random) {
  models::gemm::GemmWork work = work_of(product, element_bytes);
  work.zero_fill = element_bytes == kElementBytes;
  const double seconds =
      models::gemm::gemm_cost(work, machine).seconds * base::portable_exp(noise * random.normal());
  return {calibration_point(product, 1e11), seconds, seconds, 0.01, 10, 0};
}

std::vector<MeasuredPoint> timed_points(const std::vector<ProductPoint>& products,
                                        const GemmMachine& machine, double element_bytes,
                                        double noise) {
  base::RandomStream random(1, "products test");
  std::vector<MeasuredPoint> points;
  for (const ProductPoint& product : products)
    points.push_back(timed(product, machine, element_bytes, noise, random));
  return points;
}

GemmMachine machine_of(std::vector<models::FittedCost> costs) {
  models::DeviceProfile profile;
  profile.device = "test";
  profile.costs = std::move(costs);
  return *models::gemm::gemm_machine(profile);
}

const ProductPoint kUnseen[] = {{{200, 700, 900}, GemmKernel::dense, 0, 0, 1},
                                {{1000, 500, 300}, GemmKernel::dense, 0, 0, 1},
                                {{30, 900, 900}, GemmKernel::dense, 0, 0, 1},
                                {{300, 1000, 800}, GemmKernel::tw, 0.8, 64, 1}};

}  // namespace

TEST_CASE("a point gives its product back, and its name no other has") {
  for (const auto& products : {cpu_products(1, kStrip), cpu_products(2, kStrip), gpu_products()}) {
    std::set<std::string> ids;
    for (const ProductPoint& product : products) {
      const CalibrationPoint point = calibration_point(product, 1e11);
      CHECK(product_of(point) == product);
      CHECK(point.estimated_seconds > 0);
      CHECK(ids.insert(point.id).second);
    }
  }
}

TEST_CASE("a processor's layout spans M, N, K, sparsity, G and the widths of a last strip") {
  const auto products = cpu_products(2, kStrip);
  CHECK(count(products, GemmKernel::dense) >= 24);
  CHECK(count(products, GemmKernel::tw) >= 12);
  CHECK(count(products, GemmKernel::csr) >= 3);
  CHECK(count(products, GemmKernel::two_of_four) == 0);
  for (const std::int64_t rest : {0, 16, 32}) {
    CAPTURE(rest);
    CHECK(std::count_if(products.begin(), products.end(), [&](const auto& p) {
            return p.kernel == GemmKernel::dense && p.shape.m % kStrip == rest;
          }) >= 4);
  }
  std::set<std::int32_t> widths;
  std::set<double> sparsities;
  double seconds = 0;
  for (const ProductPoint& product : products) {
    CHECK(product.threads == 2);
    if (product.kernel == GemmKernel::tw) {
      widths.insert(product.width);
      sparsities.insert(product.sparsity);
    }
    seconds += calibration_point(product, 5e10).estimated_seconds;
  }
  CHECK(widths == std::set<std::int32_t>{32, 64, 128, 256});
  CHECK(sparsities == std::set<double>{0.5, 0.625, 0.75, 0.875, 0.9375});
  CHECK(20 * seconds < 20);  // as many repeats, on a processor that is slow
}

TEST_CASE("a GPU's layout holds the calibration points that are asked") {
  const auto products = gpu_products();
  CHECK(count(products, GemmKernel::dense) == 16);
  for (const std::int64_t m : {256, 1024, 4096, 12800})
    for (const auto& [n, k] :
         {std::pair{768, 768}, std::pair{3072, 768}, std::pair{768, 3072}, std::pair{4096, 4096}})
      CHECK(std::count(products.begin(), products.end(),
                       ProductPoint{{m, n, k}, GemmKernel::dense, 0, 0, 1}) == 1);
  const auto holds = [&](GemmKernel kernel, double sparsity, std::int32_t width) {
    return std::count(products.begin(), products.end(),
                      ProductPoint{{4096, 4096, 4096}, kernel, sparsity, width, 1}) == 1;
  };
  for (const double sparsity : {0.0, 0.5, 0.625, 0.75, 0.875, 0.9375})
    CHECK(holds(GemmKernel::tw, sparsity, 128));
  for (const double sparsity : {0.5, 0.625, 0.75, 0.875, 0.9375})
    CHECK(holds(GemmKernel::tvw, sparsity, 128));
  for (const std::int32_t width : {64, 256}) {
    CHECK(holds(GemmKernel::tw, 0.75, width));
    CHECK(holds(GemmKernel::tvw, 0.75, width));
  }
  CHECK(holds(GemmKernel::two_of_four, 0.5, 0));
  CHECK(std::count(products.begin(), products.end(),
                   ProductPoint{{8192, 8192, 8192}, GemmKernel::two_of_four, 0.5, 0, 1}) == 1);
}

TEST_CASE("layouts keep what their point says") {
  for (const ProductPoint& product : gpu_products()) {
    if (product.shape.m != 1024) continue;
    const models::gemm::GemmWork work = work_of(product, 2);
    CHECK(work.kernel == product.kernel);
    CHECK(work.shape == product.shape);
    CHECK(work.element_bytes == 2);
    CHECK(work.kept == doctest::Approx(1 - product.sparsity).epsilon(0.01));
    CHECK(layout_of(product).two_of_four == work.two_of_four());
  }
  const ProductPoint sparse{{64, 200, 300}, GemmKernel::csr, 0.9, 0, 1};
  double kept = 0;
  for (const auto& panel : layout_of(sparse).panels) kept += static_cast<double>(panel.rows.size());
  CHECK(kept == doctest::Approx(0.1 * 200 * 300).epsilon(0.05));
}

TEST_CASE("a point that is not a product is refused with the feature") {
  const CalibrationPoint good = calibration_point({{64, 64, 64}, GemmKernel::tw, 0.5, 32, 1}, 1e11);
  const auto with = [&](const std::string& name, double value) {
    CalibrationPoint point = good;
    for (auto& feature : point.features)
      if (feature.first == name) feature.second = value;
    return refusal([&] { product_of(point); });
  };
  CHECK(with("m", 0.5) ==
        "tw-64x64x64-s0.5-g32-t1: m: found 0.5, expected a whole number from 1 to 1000000");
  CHECK(with("sparsity", 1).find("sparsity: found 1, expected a number from 0 to below 1") !=
        std::string::npos);
  CHECK(with("width", 0).find("width: found 0") != std::string::npos);
  CHECK(with("threads", 0).find("threads: found 0") != std::string::npos);
  CalibrationPoint point = good;
  point.features.clear();
  CHECK(refusal([&] { product_of(point); }).ends_with("m: is missing, expected a number"));
  point.variant = "bw";
  CHECK(refusal([&] { product_of(point); }).find("variant: found 'bw'") != std::string::npos);
}

TEST_CASE("the processor's kernel is registered, and what it times is right") {
  const auto kernel = cpu_kernel();
  REQUIRE(kernel != nullptr);
  for (const ProductPoint& product : {ProductPoint{{50, 40, 70}, GemmKernel::dense, 0, 0, 1},
                                      ProductPoint{{100, 96, 600}, GemmKernel::tw, 0.5, 32, 2},
                                      ProductPoint{{20, 64, 64}, GemmKernel::csr, 0.8, 0, 1},
                                      ProductPoint{{20, 64, 64}, GemmKernel::tvw, 0.75, 32, 1}}) {
    const auto prepared = kernel->prepare(calibration_point(product, 1e11));
    CHECK_NOTHROW(prepared->check());
    CHECK(prepared->run_once().seconds > 0);
  }
}

TEST_CASE("a product that is timed is the product, on any number of threads") {
  const std::int64_t tokens = 200;
  const ProductPoint product{{tokens, 300, 700}, GemmKernel::tw, 0.5, 32, 1};
  base::RandomStream random(1, "timed product");
  const auto drawn = [&](std::int64_t values) {
    std::vector<float> all(static_cast<std::size_t>(values));
    for (float& value : all) value = static_cast<float>(random.normal());
    return all;
  };
  const auto packed = pack(layout_of(product), drawn(product.shape.k * product.shape.n));
  const auto x = drawn(product.shape.k * tokens);
  std::vector<float> wanted(static_cast<std::size_t>(product.shape.n * tokens));
  multiply(packed, x, wanted, tokens, 1, best_isa());
  for (const int threads : {1, 2, 5}) {
    CAPTURE(threads);
    std::vector<float> found(wanted.size(), 1.0F);
    CHECK(multiply_timed(packed, x, found, tokens, threads, best_isa()).seconds > 0);
    CHECK(found == wanted);
  }
  CHECK(refusal([&] {
          multiply_timed(packed, x, wanted, tokens + 1, 1, best_isa());
        }).find("expected 700 x 201") != std::string::npos);
}

TEST_CASE("a processor's rates come back from times that they gave") {
  const auto kernel = cpu_kernel();
  REQUIRE(kernel != nullptr);
  const int strip = strip_tokens(best_isa());
  std::vector<MeasuredPoint> points =
      timed_points(cpu_products(2, strip), true_processor(2), kElementBytes, 0.01);
  for (const MeasuredPoint& point :
       timed_points(cpu_products(1, strip), true_processor(1), kElementBytes, 0.01))
    points.push_back(point);
  const auto costs = kernel->fit(points, 1);
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].variant == "dense");
  CHECK(costs[1].variant == "dense-one-thread");
  for (const models::FittedCost& cost : costs) {
    CHECK(cost.kernel == "gemm");
    CHECK(cost.points == 47);
    CHECK(cost.held_out.median < 0.02);
    CHECK(cost.held_out.p90 < 0.05);
    REQUIRE(cost.repeats.has_value());
    CHECK(cost.repeats->median == doctest::Approx(0.01));
  }
  const GemmMachine found = machine_of({costs[0]});
  CHECK(found.multiprocessors == 2);
  CHECK(found.dense.flops_per_second == doctest::Approx(2e11).epsilon(0.12));
  CHECK(found.csr_flops_per_second == doctest::Approx(4e10).epsilon(0.05));
  for (ProductPoint product : kUnseen) {
    const models::gemm::GemmWork work = work_of(product, kElementBytes);
    CHECK(models::gemm::gemm_cost(work, found).seconds ==
          doctest::Approx(models::gemm::gemm_cost(work, true_processor(2)).seconds).epsilon(0.05));
  }
}

TEST_CASE("few points of one thread are left out, few of all are refused") {
  const auto kernel = cpu_kernel();
  REQUIRE(kernel != nullptr);
  const int strip = strip_tokens(best_isa());
  auto points = timed_points(cpu_products(2, strip), true_processor(2), kElementBytes, 0.01);
  points.resize(14);
  const auto one = timed_points(cpu_products(1, strip), true_processor(1), kElementBytes, 0.01);
  points.insert(points.end(), one.begin(), one.begin() + 11);
  CHECK(kernel->fit(points, 1).size() == 1);
  CHECK(refusal([&] {
          kernel->fit(std::span(points).first(3), 1);
        }).find("points: found 3 measured products, expected at least 4") != std::string::npos);
  CHECK(refusal([&] { kernel->fit({}, 1); }).find("found no dense product") != std::string::npos);
}

TEST_CASE("a GPU's rates come back from times that they gave, those of each family" *
          doctest::test_suite("accuracy")) {
  const auto points = timed_points(gpu_products(), true_gpu(), 2, 0.01);
  const auto costs = fit_gpu_products(points, kGpu, 1);
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].variant == "dense");
  CHECK(costs[1].variant == "two-of-four");
  for (const models::FittedCost& cost : costs) {
    CHECK(cost.held_out.median < 0.05);
    CHECK(cost.held_out.p90 < 0.15);
  }
  // No product in CSR was measured: its rate is none of the fitted.
  CHECK(!models::find_number(costs[0].coefficients, "csr_flops_per_second").has_value());
  CHECK(models::find_number(costs[0].constants, "csr_flops_per_second").has_value());
  const GemmMachine found = machine_of(costs);
  CHECK(found.order == models::gemm::TileOrder::panels);
  CHECK(found.multiprocessors == 100);
  CHECK(found.dense.flops_per_second == doctest::Approx(3e14).epsilon(0.1));
  REQUIRE(found.two_of_four.has_value());
  CHECK(found.two_of_four->flops_per_second == doctest::Approx(2.4e14).epsilon(0.1));
  for (ProductPoint product : kUnseen) {
    product.shape.m *= 8;
    const models::gemm::GemmWork work = work_of(product, 2);
    CHECK(models::gemm::gemm_cost(work, found).seconds ==
          doctest::Approx(models::gemm::gemm_cost(work, true_gpu()).seconds).epsilon(0.15));
  }
}
