// Fits to products whose true rates are known: recovered, repeatable, and refused where hopeless.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "calibrate/kernels/gemm/fit/gemm_fit.hpp"
#include "models/base/error.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "tests/calibrate/kernels/gemm/fit/synthetic_gpu.hpp"

using namespace orrery;
using namespace orrery::calibrate::gemm::fit;
using models::gemm::GemmKernel;
using models::gemm::GemmMachine;
using test::kPeak;

namespace {

GemmMachine many_tiles_gpu() {
  GemmMachine machine = test::synthetic_gpu(models::gemm::gpu_tiles());
  machine.splits = {1, 2, 4};
  return machine;
}

/// The truth behind the synthetic measurements.
GemmMachine many_tiles_truth() {
  GemmMachine machine = many_tiles_gpu();
  machine.dense.start_seconds = 5e-6;
  machine.dense.flops_per_second = 2.5e14;
  machine.dense.tile_efficiency = {1, 0.9, 0.7, 0.5};
  machine.dense.bandwidth_fraction = 0.7;
  machine.dense.fill_rows = 100;
  machine.dense.gather_efficiency = 0.6;
  machine.csr_flops_per_second = 2e12;
  return machine;
}

/// 25 products, each time off by a normal error of that standard deviation.
std::vector<GemmPoint> measured(const GemmMachine& machine, GemmKernel kernel, double noise,
                                std::uint64_t seed) {
  base::RandomStream random(seed, "gemm fit test");
  std::vector<GemmPoint> points;
  for (std::int64_t m = 64; m <= 16384; m *= 4) {
    for (const auto& [n, k] : {std::pair{1024, 1024}, std::pair{4096, 1024}, std::pair{1024, 4096},
                               std::pair{4096, 4096}, std::pair{6144, 2048}}) {
      const models::gemm::GemmShape shape{m, n, k};
      GemmPoint point;
      if (kernel == GemmKernel::dense) point.work = models::gemm::dense_work(shape);
      if (kernel == GemmKernel::two_of_four) point.work = models::gemm::two_of_four_work(shape);
      if (kernel == GemmKernel::csr) point.work = models::gemm::csr_work(shape, 0.75);
      if (kernel == GemmKernel::tw) point.work = models::gemm::uniform_work(shape, {kernel, 0.75});
      point.seconds = models::gemm::gemm_cost(point.work, machine).seconds *
                      base::portable_exp(noise * random.normal());
      points.push_back(point);
    }
  }
  return points;
}

GemmFitOptions two_starts_options() {
  GemmFitOptions options;
  options.draws = 60;
  options.starts = 2;
  options.evaluations = 300;
  options.folds = 3;
  return options;
}

template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.where().key + ": " + error.sentence();
  }
  return "";
}

}  // namespace

TEST_CASE("rates come back from clean measurements") {
  GemmFitOptions options;
  options.prior_weight = 0.01;
  const auto points = measured(many_tiles_truth(), GemmKernel::dense, 0, 1);
  const GemmMachine fitted = fit_rates(points, many_tiles_gpu(), usual_rates(kPeak), {}, options);
  CHECK(magnitudes(log_errors(fitted, points)).p90 < 0.02);
  CHECK(fitted.dense.start_seconds == doctest::Approx(5e-6).epsilon(0.1));
  CHECK(fitted.dense.flops_per_second == doctest::Approx(2.5e14).epsilon(0.05));
}

TEST_CASE("the same arguments give the same rates") {
  const auto points = measured(many_tiles_truth(), GemmKernel::dense, 0.05, 2);
  const auto fit = [&] {
    return fit_rates(points, many_tiles_gpu(), usual_rates(kPeak), {}, two_starts_options());
  };
  const GemmMachine first = fit();
  const GemmMachine again = fit();
  CHECK(first.dense.flops_per_second == again.dense.flops_per_second);
  CHECK(first.dense.start_seconds == again.dense.start_seconds);
  CHECK(first.dense.fill_rows == again.dense.fill_rows);
}

TEST_CASE("outliers are damped") {
  auto points = measured(many_tiles_truth(), GemmKernel::dense, 0.02, 3);
  points[7].seconds *= 5;
  points[18].seconds /= 4;
  const GemmMachine fitted =
      fit_rates(points, many_tiles_gpu(), usual_rates(kPeak), {}, two_starts_options());
  CHECK(
      magnitudes(log_errors(fitted, measured(many_tiles_truth(), GemmKernel::dense, 0, 3))).median <
      0.05);
}

TEST_CASE("any place in the parameters' space is a machine") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    CAPTURE(seed);
    base::RandomStream random(seed, "gemm parameters");
    GemmForm form;
    form.cache = form.latency = form.throttle = form.gather = true;
    std::vector<double> z(free_parameters(form));
    for (double& component : z) component = 20 * random.normal();
    GemmMachine machine = many_tiles_gpu();
    machine.dense = rates_at(z, form, usual_rates(kPeak));
    CHECK_NOTHROW(models::gemm::check(machine));
  }
  const models::gemm::KernelRates centre =
      rates_at(std::vector<double>(free_parameters({}), 0), {}, usual_rates(kPeak));
  CHECK(centre.flops_per_second == doctest::Approx(0.8 * kPeak));
  CHECK(centre.row_seconds == 0);
  CHECK(centre.cache_speedup == 1);
  CHECK(centre.throttle_depth == 0);
}

TEST_CASE("a device is fitted from all of its kernels") {
  GemmMachine true_machine = many_tiles_truth();
  true_machine.two_of_four = true_machine.dense;
  true_machine.two_of_four->flops_per_second = 1.8e14;
  std::vector<GemmPoint> points;
  for (const GemmKernel kernel :
       {GemmKernel::dense, GemmKernel::tw, GemmKernel::two_of_four, GemmKernel::csr})
    for (const GemmPoint& point : measured(true_machine, kernel, 0.02, 4)) points.push_back(point);
  const GemmFit fit = fit_gemm(points, many_tiles_gpu(), usual_rates(kPeak), two_starts_options());
  CHECK(fit.form.gather);
  CHECK(fit.dense.n == 50);
  CHECK(fit.dense.median < 0.06);
  CHECK(fit.two_of_four.n == 25);
  CHECK(fit.two_of_four.median < 0.06);
  CHECK(fit.machine.dense.gather_efficiency == doctest::Approx(0.6).epsilon(0.15));
  REQUIRE(fit.machine.two_of_four.has_value());
  CHECK(fit.machine.two_of_four->flops_per_second == doctest::Approx(1.8e14).epsilon(0.15));
  CHECK(fit.machine.csr_flops_per_second > 1e12);
  CHECK(fit.machine.csr_flops_per_second < 4e12);
}

TEST_CASE("a term that the measurements bear out is found by cross-validation") {
  GemmMachine slow = many_tiles_truth();
  slow.dense.throttle_depth = 0.8;
  slow.dense.throttle_seconds = 3e-4;
  const auto points = measured(slow, GemmKernel::dense, 0.01, 5);
  const std::vector<GemmCalibration> calibrations = {
      {points, many_tiles_gpu(), usual_rates(kPeak)}};
  const FormChoice choice = choose_form(calibrations, two_starts_options());
  CHECK(choice.form.throttle);
  CHECK(choice.scores.front().form == GemmForm{});
  for (const FormScore& score : choice.scores)
    if (score.form == choice.form) CHECK(score.error < choice.scores.front().error);
}

TEST_CASE("a trial divides the products and reports each side") {
  const auto points = measured(many_tiles_truth(), GemmKernel::dense, 0.02, 6);
  const HoldOut products = hold_out(points, 15, 1);
  CHECK(products.calibration.size() == 15);
  CHECK(products.held_out.size() == 10);
  const GemmMachine fitted = fit_rates(products.calibration, many_tiles_gpu(), usual_rates(kPeak),
                                       {}, two_starts_options());
  const TrialErrors errors = errors_of(fitted, products);
  CHECK(errors.training.n == 15);
  CHECK(errors.held_out.n == 10);
  CHECK(errors.with_residuals.n == 10);
  CHECK(errors.held_out.p90 < 0.2);
}

TEST_CASE("errors are percentiles of magnitudes") {
  const base::Spread error = magnitudes({-0.4, 0.1, 0.2, -0.3, 0.0});
  CHECK(error.median == doctest::Approx(0.2));
  CHECK(error.p90 == doctest::Approx(0.36));
  CHECK(error.n == 5);
  CHECK(magnitudes({}).n == 0);
}

TEST_CASE("too few products and impossible times are refused") {
  auto points = measured(many_tiles_truth(), GemmKernel::dense, 0, 7);
  const auto fit = [&](const std::vector<GemmPoint>& some) {
    return refusal(
        [&] { fit_gemm(some, many_tiles_gpu(), usual_rates(kPeak), two_starts_options()); });
  };
  CHECK(fit({points.begin(), points.begin() + 3}) ==
        "points: found 3 measured products, expected at least 4 to fit tile model");
  CHECK(fit({}).starts_with("points: found no dense product"));
  points[0].seconds = std::numeric_limits<double>::quiet_NaN();
  CHECK(fit(points) == "seconds: found nan, expected a time above 0");
  points[0].seconds = 0;
  CHECK(fit(points) == "seconds: found 0, expected a time above 0");
}
