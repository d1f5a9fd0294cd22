// Prints how far the cost model is from our own products on this processor: the calibrator's points
// and products that it has never seen are measured in one session, as the calibrator measures, and
// the calibrator's alone are fitted. Both are judged by undisturbed times and, beside them, by
// medians.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "calibrate/device/clocks.hpp"
#include "calibrate/fit/by_variant.hpp"
#include "calibrate/kernels/gemm/cpu_machine.hpp"
#include "calibrate/kernels/gemm/fit/rate_fit.hpp"
#include "calibrate/kernels/gemm/product_point.hpp"
#include "calibrate/kernels/registry.hpp"
#include "calibrate/timing/repeats.hpp"
#include "calibrate/timing/session.hpp"
#include "models/base/error.hpp"
#include "models/base/numbers.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"

namespace {

using namespace orrery;
using namespace orrery::calibrate;
using gemm::ProductPoint;
namespace fit = gemm::fit;
using models::gemm::GemmKernel;

constexpr double kBudgetSeconds = 60;  // of all products of one number of threads
constexpr int kHeldOut = 40;
constexpr double kExpectedFlops = 5e10;  // of one thread, for estimates
constexpr std::uint64_t kSeed = 1;

/// What the figures are printed as, and what they may be: docs/systems/tvw.md, "Errors on public
/// tables", by default.
struct Target {
  std::string check = "tvw.model";
  double median_percent = 5;
  double p90_percent = 12;
};

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

std::string text(const base::Spread& spread) {
  return fmt::format("median {:.1f} %, p90 {:.1f} %", 100 * spread.median, 100 * spread.p90);
}

/// One line with its target; whether it holds.
bool figure(const Target& target, const std::string& what, const base::Spread& error) {
  const bool held =
      100 * error.median <= target.median_percent && 100 * error.p90 <= target.p90_percent;
  fmt::print("{}: {}: {} (at most {} and {} %){}\n", target.check, what, text(error),
             target.median_percent, target.p90_percent, held ? "" : " MISSED");
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

/// Products that no fit has seen, with their errors as of a cost.
models::FittedCost tried(const models::gemm::GemmMachine& machine,
                         const std::vector<MeasuredPoint>& points, bool each) {
  VariantFit predicted;
  for (const MeasuredPoint& point : points) {
    fit::GemmPoint product{gemm::work_of(gemm::product_of(point.point), gemm::kElementBytes),
                           point.seconds};
    product.work.zero_fill = true;
    const double ratio = base::portable_exp(fit::log_errors(machine, {&product, 1}).front());
    predicted.left_out_seconds.push_back(point.seconds * ratio);
    if (each)
      fmt::print("{}: {:.1f} us, {:+.1f} %, median {:.1f} us, spread {:.1f} %\n", point.point.id,
                 point.seconds * 1e6, 100 * (ratio - 1), point.median_seconds * 1e6,
                 100 * point.spread);
  }
  return with_errors(std::move(predicted), points);
}

const models::FittedCost& cost_of(const std::vector<models::FittedCost>& costs, int threads) {
  for (const models::FittedCost& cost : costs)
    if (machine_of(cost).multiprocessors == threads) return cost;
  throw base::Error({}, fmt::format("no cost was fitted for {} threads", threads));
}

/// All products measured in one session, so that what else runs on the machine is alike for all.
std::vector<RawRow> measure(const Kernel& kernel, const std::vector<CalibrationPoint>& points) {
  const KernelPoints measured{&kernel, points};
  const SessionHooks hooks{wall_seconds, [] { return false; }, [](std::span<const RawRow>) {},
                           nullptr, system_watch()};
  return run_session({&measured, 1}, {}, {kBudgetSeconds, kSeed}, hooks).rows;
}

/// What is stated beside an error: medians, neighbours, what was set aside.
void state(const Target& target, const std::string& what, const models::FittedCost& cost) {
  fmt::print(
      "{}: {}: by the medians of all repeats {}; neighbours add {}; {} of {} repeats set aside "
      "(stated)\n",
      target.check, what, text(*cost.held_out_of_medians), text(*cost.neighbours),
      *cost.repeats_set_aside, *cost.repeats_measured);
}

/// All figures of so many threads; whether those by undisturbed times hold.
bool report(const Kernel& kernel, int threads, const Target& target, bool each) {
  std::vector<CalibrationPoint> chosen;
  for (const CalibrationPoint& point : kernel.points())
    if (gemm::product_of(point).threads == threads) chosen.push_back(point);
  std::vector<CalibrationPoint> unseen;
  for (const ProductPoint& product : held_out_products(threads))
    unseen.push_back(gemm::calibration_point(product, kExpectedFlops));
  std::vector<CalibrationPoint> all = chosen;
  all.insert(all.end(), unseen.begin(), unseen.end());
  const std::vector<RawRow> rows = measure(kernel, all);
  const auto costs = kernel.fit(measured_points(kernel, chosen, rows), kSeed);
  const models::FittedCost& cost = cost_of(costs, threads);
  const models::FittedCost others =
      tried(machine_of(cost), measured_points(kernel, unseen, rows), each);
  const std::string name =
      fmt::format("our products, {} thread{}", threads, threads > 1 ? "s" : "");
  fmt::print("{}: {}: {} products fitted by {}; spread of kept repeats {} (stated)\n", target.check,
             name, cost.points, cost.form, text(*cost.repeats));
  const std::string left_out = name + ", each left out of fit and choice of form";
  const std::string never = fmt::format("{}, {} other products never fitted", name, others.points);
  const bool first = figure(target, left_out, cost.held_out);
  state(target, left_out, cost);
  const bool second = figure(target, never, others.held_out);
  state(target, never, others);
  std::fflush(stdout);
  return first && second;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool each = !words.empty() && words.front() == "--each";
  if (each) words.erase(words.begin());
  Target target;
  if (words.size() == 3) {
    const auto median = base::parse_double(words[1]);
    const auto p90 = base::parse_double(words[2]);
    if (median && p90) target = {words[0], *median, *p90};
  }
  if (!words.empty() && target.check != words[0]) {
    fmt::print(
        stderr,
        "usage: gemm_cpu_report [--each] [CHECK MEDIAN P90]\n"
        "--each prints every unseen product; figures stand under the name of the check, with "
        "targets in percent\n");
    return 2;
  }
  try {
    for (const RegisteredKernel& registered : registered_kernels()) {
      if (registered.name != "gemm" || registered.backend != Backend::cpu) continue;
      std::string absent;
      const auto kernel = registered.make(absent);
      std::set<int> threads;
      for (const CalibrationPoint& point : kernel->points())
        threads.insert(gemm::product_of(point).threads);
      bool held = true;
      for (const int count : threads) held = report(*kernel, count, target, each) && held;
      return held ? 0 : 1;
    }
    fmt::print(stderr, "gemm_cpu_report: this binary holds no kernel gemm\n");
    return 2;
  } catch (const base::Error& error) {
    fmt::print(stderr, "gemm_cpu_report: {}\n", error.what());
    return 2;
  }
}
