// Prints how far the cost model is from our own products on this processor: the calibrator's plan
// is measured and fitted, then products that it has never seen are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "calibrate/kernels/gemm/fit/held_out_error.hpp"
#include "calibrate/kernels/gemm/cpu_machine.hpp"
#include "calibrate/kernels/gemm/product_point.hpp"
#include "calibrate/kernels/registry.hpp"
#include "models/base/error.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"
#include "models/base/statistics.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"

namespace {

using namespace orrery;
using namespace orrery::calibrate;
using gemm::ProductPoint;
namespace fit = gemm::fit;
using models::gemm::GemmKernel;

constexpr double kMedianTarget = 5;  // percent, section 6
constexpr double kP90Target = 12;
constexpr int kPasses =
    5;  // over all products, so that no one stretch of noise hits a product whole
constexpr double kSecondsOfPass = 0.02;  // of each product, at least three repeats
constexpr int kHeldOut = 40;
constexpr std::uint64_t kSeed = 1;

/// Shapes drawn alike in logarithms from M 16 to 1024, N and K 128 to 1536; every other one TW-2D.
std::vector<ProductPoint> held_out_products(int threads) {
  base::RandomStream random(2027, "held-out products");
  const auto size = [&](double least, double most) {
    return static_cast<std::int64_t>(std::floor(
        least * base::portable_exp(random.uniform() * base::portable_log(most / least)) + 0.5));
  };
  std::vector<ProductPoint> products;
  for (int i = 0; i < kHeldOut; ++i) {
    ProductPoint product;
    product.shape = {size(16, 1024), size(128, 1536), size(128, 1536)};
    product.threads = threads;
    if (i % 2 == 1) {
      product.kernel = GemmKernel::tw;
      product.sparsity = 0.4 + 0.55 * random.uniform();
      product.width = 32 << random.below(4);
    }
    products.push_back(product);
  }
  return products;
}

/// Every point's repeats over all passes, sorted; the first of each preparation is not counted.
std::vector<std::vector<double>> repeats_of(const Kernel& kernel,
                                            const std::vector<CalibrationPoint>& points) {
  std::vector<std::vector<double>> seconds(points.size());
  for (int pass = 0; pass < kPasses; ++pass) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto prepared = kernel.prepare(points[i]);
      if (pass == 0) prepared->check();
      prepared->run_once();
      double spent = 0;
      for (int repeat = 0; repeat < 3 || spent < kSecondsOfPass; ++repeat) {
        seconds[i].push_back(prepared->run_once());
        spent += seconds[i].back();
      }
    }
  }
  for (std::vector<double>& of_one : seconds) std::sort(of_one.begin(), of_one.end());
  return seconds;
}

/// The points with that quantile of their repeats: the median as the calibrator does, or the least.
std::vector<MeasuredPoint> measured(const std::vector<CalibrationPoint>& points,
                                    const std::vector<std::vector<double>>& seconds, double q) {
  std::vector<MeasuredPoint> found;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::vector<double>& of_one = seconds[i];
    const double spread =
        (base::sorted_quantile(of_one, 0.9) - base::sorted_quantile(of_one, 0.1)) /
        base::sorted_quantile(of_one, 0.5);
    found.push_back(
        {points[i], base::sorted_quantile(of_one, q), spread, static_cast<int>(of_one.size())});
  }
  return found;
}

std::string text(double median, double p90) {
  return fmt::format("median {:.1f} %, p90 {:.1f} %", 100 * median, 100 * p90);
}

/// One line with its target; whether it holds.
bool figure(const std::string& what, double median, double p90) {
  const bool held = 100 * median <= kMedianTarget && 100 * p90 <= kP90Target;
  fmt::print("tvw.model: {}: {} (at most {} and {} %, section 6){}\n", what, text(median, p90),
             kMedianTarget, kP90Target, held ? "" : " MISSED");
  return held;
}

/// The machine of a cost by itself.
models::gemm::GemmMachine machine_of(models::FittedCost cost) {
  cost.variant = "dense";
  models::DeviceProfile profile;
  profile.device = "cpu";
  profile.costs = {std::move(cost)};
  return *models::gemm::gemm_machine(profile);
}

/// |predicted / measured - 1| of products that no fit has seen, with the spread of their repeats.
struct Unseen {
  fit::GemmError errors;
  fit::GemmError spreads;
};

Unseen tried(const models::gemm::GemmMachine& machine, const std::vector<MeasuredPoint>& points,
             bool each) {
  std::vector<double> errors;
  std::vector<double> spreads;
  for (const MeasuredPoint& point : points) {
    fit::GemmPoint product{gemm::work_of(gemm::product_of(point.point), gemm::kElementBytes),
                           point.seconds};
    product.work.zero_fill = true;
    errors.push_back(base::portable_exp(fit::log_errors(machine, {&product, 1}).front()) - 1);
    spreads.push_back(point.spread);
    if (each)
      fmt::print("{}: {:.1f} us, {:+.1f} %, spread {:.1f} %\n", point.point.id, point.seconds * 1e6,
                 100 * errors.back(), 100 * point.spread);
  }
  return {fit::gemm_error(std::move(errors)), fit::gemm_error(std::move(spreads))};
}

const models::FittedCost& cost_of(const std::vector<models::FittedCost>& costs, int threads) {
  for (const models::FittedCost& cost : costs)
    if (machine_of(cost).multiprocessors == threads) return cost;
  throw base::Error({}, fmt::format("no cost was fitted for {} threads", threads));
}

/// All figures of so many threads; whether those of medians hold.
bool report(const Kernel& kernel, int threads, bool each) {
  std::vector<CalibrationPoint> plan;
  for (const CalibrationPoint& point : kernel.plan())
    if (gemm::product_of(point).threads == threads) plan.push_back(point);
  std::vector<CalibrationPoint> unseen;
  for (const ProductPoint& product : held_out_products(threads))
    unseen.push_back(gemm::calibration_point(product, 5e10));
  // Measured in turn, so that what else runs on the machine is alike for both.
  std::vector<CalibrationPoint> all = plan;
  all.insert(all.end(), unseen.begin(), unseen.end());
  const auto seconds = repeats_of(kernel, all);
  const std::string name =
      fmt::format("our products, {} thread{}", threads, threads > 1 ? "s" : "");
  bool held = true;
  for (const double q : {0.5, 0.0}) {
    const std::vector<MeasuredPoint> points = measured(all, seconds, q);
    const auto split = points.begin() + static_cast<std::ptrdiff_t>(plan.size());
    const std::vector<models::FittedCost> costs = kernel.fit({points.begin(), split}, kSeed);
    const models::FittedCost& cost = cost_of(costs, threads);
    const Unseen found = tried(machine_of(cost), {split, points.end()}, each && q > 0);
    if (q == 0) {
      fmt::print("tvw.model: {}, by the least of the repeats: left out {}; unseen {} (stated)\n",
                 name, text(cost.held_out.median, cost.held_out.p90),
                 text(found.errors.median, found.errors.p90));
      continue;
    }
    fmt::print(
        "tvw.model: {}: {} products fitted by {}; spread of repeats {}, of unseen {} (stated)\n",
        name, cost.points, cost.form, text(cost.repeats->median, cost.repeats->p90),
        text(found.spreads.median, found.spreads.p90));
    held = figure(name + ", each left out of fit and choice of form", cost.held_out.median,
                  cost.held_out.p90);
    held = figure(fmt::format("{}, {} other products never fitted", name, found.errors.count),
                  found.errors.median, found.errors.p90) &&
           held;
  }
  std::fflush(stdout);
  return held;
}

}  // namespace

int main(int argc, char** argv) {
  const bool each = argc == 2 && std::string(argv[1]) == "--each";
  if (argc > 2 || (argc == 2 && !each)) {
    fmt::print(stderr, "usage: gemm_cpu_report [--each]\n--each prints every unseen product\n");
    return 2;
  }
  try {
    for (const RegisteredKernel& registered : registered_kernels()) {
      if (registered.name != "gemm" || registered.backend != Backend::cpu) continue;
      std::string absent;
      const auto kernel = registered.make(absent);
      std::set<int> threads;
      for (const CalibrationPoint& point : kernel->plan())
        threads.insert(gemm::product_of(point).threads);
      bool held = true;
      for (const int count : threads) held = report(*kernel, count, each) && held;
      return held ? 0 : 1;
    }
    fmt::print(stderr, "gemm_cpu_report: this binary holds no kernel gemm\n");
    return 2;
  } catch (const base::Error& error) {
    fmt::print(stderr, "gemm_cpu_report: {}\n", error.what());
    return 2;
  }
}
