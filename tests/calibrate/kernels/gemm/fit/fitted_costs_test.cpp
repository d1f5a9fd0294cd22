// Costs of a profile from measured products: honest errors, and what of them was fitted.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "calibrate/kernels/gemm/fit/fitted_costs.hpp"
#include "calibrate/kernels/gemm/fit/nested_errors.hpp"
#include "calibrate/kernels/gemm/fit/unfitted.hpp"
#include "models/base/error.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"
#include "tests/calibrate/kernels/gemm/fit/synthetic_gpu.hpp"

using namespace orrery;
using namespace orrery::calibrate::gemm::fit;
using models::gemm::GemmKernel;
using models::gemm::GemmMachine;
using test::kPeak;

namespace {

GemmMachine one_tile_gpu() {
  return test::synthetic_gpu({{128, 128, models::gemm::TileClass::large}});
}

/// The truth behind the measurements.
GemmMachine one_tile_truth() {
  GemmMachine machine = one_tile_gpu();
  machine.dense.start_seconds = 5e-6;
  machine.dense.flops_per_second = 2.5e14;
  machine.csr_flops_per_second = 2e12;
  return machine;
}

std::vector<TimedProduct> products(GemmKernel kernel, double noise, std::uint64_t seed) {
  base::RandomStream random(seed, "fitted costs");
  std::vector<TimedProduct> found;
  for (std::int64_t m = 64; m <= 16384; m *= 4) {
    for (const auto& [n, k] : {std::pair{1024, 1024}, std::pair{4096, 1024}, std::pair{1024, 4096},
                               std::pair{4096, 4096}, std::pair{6144, 2048}}) {
      TimedProduct product;
      const models::gemm::GemmShape shape{m, n, k};
      product.work = kernel == GemmKernel::two_of_four ? models::gemm::two_of_four_work(shape)
                     : kernel == GemmKernel::csr       ? models::gemm::csr_work(shape, 0.9)
                                                       : models::gemm::dense_work(shape);
      product.measured.repeats = 9;
      product.measured.seconds = models::gemm::gemm_cost(product.work, one_tile_truth()).seconds *
                                 base::portable_exp(noise * random.normal());
      product.measured.median_seconds = 1.25 * product.measured.seconds;
      found.push_back(product);
    }
  }
  return found;
}

GemmFitOptions one_start_options() {
  GemmFitOptions options;
  options.draws = 40;
  options.starts = 1;
  options.evaluations = 150;
  options.folds = 3;
  return options;
}

std::vector<GemmPoint> points_of(const std::vector<TimedProduct>& products) {
  std::vector<GemmPoint> points;
  for (const TimedProduct& product : products)
    points.push_back({product.work, product.measured.seconds});
  return points;
}

bool has(const models::NamedNumbers& numbers, const std::string& name) {
  return models::find_number(numbers, name).has_value();
}

}  // namespace

TEST_CASE("a product that is off its model is off where it is left out, and nowhere else") {
  auto timed = products(GemmKernel::dense, 0, 1);
  timed[7].measured.seconds *= 3;
  const std::vector<GemmCalibration> calibrations = {
      {points_of(timed), one_tile_gpu(), usual_rates(kPeak)}};
  const auto errors = nested_errors(calibrations, one_start_options());
  REQUIRE(errors.size() == 1);
  REQUIRE(errors[0].size() == timed.size());
  for (std::size_t i = 0; i < timed.size(); ++i) {
    CAPTURE(i);
    if (i == 7)
      CHECK(errors[0][i] == doctest::Approx(-std::log(3)).epsilon(0.3));
    else
      CHECK(std::abs(errors[0][i]) < 0.25);
  }
}

TEST_CASE("no product's error knows its own time") {
  // Were a product in the fit that predicts it, the error of the fit would give way to it.
  auto timed = products(GemmKernel::dense, 0.02, 2);
  const auto errors_with = [&](double factor) {
    auto changed = timed;
    changed[3].measured.seconds *= factor;
    const std::vector<GemmCalibration> calibrations = {
        {points_of(changed), one_tile_gpu(), usual_rates(kPeak)}};
    return nested_errors(calibrations, one_start_options())[0][3];
  };
  CHECK(errors_with(2) == doctest::Approx(errors_with(1) - std::log(2)));
}

TEST_CASE("the same arguments give the same errors, another seed other folds") {
  const auto timed = products(GemmKernel::dense, 0.05, 3);
  const std::vector<GemmCalibration> calibrations = {
      {points_of(timed), one_tile_gpu(), usual_rates(kPeak)}};
  const auto errors = nested_errors(calibrations, one_start_options());
  CHECK(errors == nested_errors(calibrations, one_start_options()));
  GemmFitOptions other = one_start_options();
  other.seed = 2;
  CHECK(errors != nested_errors(calibrations, other));
}

TEST_CASE("costs hold the machine, the form, the points, the errors and what repeats say") {
  auto timed = products(GemmKernel::dense, 0.02, 4);
  for (std::size_t i = 0; i < timed.size(); ++i) {
    timed[i].measured.spread = i % 2 == 0 ? 0.1 : 0.2;
    timed[i].measured.set_aside = 2;
  }
  for (const GemmKernel kernel : {GemmKernel::two_of_four, GemmKernel::csr})
    for (const TimedProduct& product : products(kernel, 0.02, 5)) timed.push_back(product);
  const auto costs = fitted_costs(timed, one_tile_gpu(), usual_rates(kPeak), one_start_options());
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].points == 25);
  CHECK(costs[1].points == 25);
  CHECK(costs[0].form.starts_with("tile model"));
  CHECK(costs[0].held_out.median > 0);
  CHECK(costs[0].held_out.median < 0.06);
  CHECK(costs[0].held_out.p90 >= costs[0].held_out.median);
  REQUIRE(costs[0].repeats.has_value());
  CHECK(costs[0].repeats->median == doctest::Approx(0.1));
  CHECK(costs[0].repeats->p90 == doctest::Approx(0.2));
  CHECK(costs[0].neighbours->median == doctest::Approx(0.25));
  CHECK(costs[0].held_out_of_medians->median == doctest::Approx(0.2).epsilon(0.3));
  CHECK(*costs[0].repeats_measured == 25 * 9);
  CHECK(*costs[0].repeats_set_aside == 25 * 2);
  CHECK(*costs[1].repeats_set_aside == 0);
  CHECK(has(costs[0].coefficients, "csr_flops_per_second"));
  models::DeviceProfile profile;
  profile.device = "test";
  profile.costs = costs;
  const auto machine = models::gemm::gemm_machine(profile);
  REQUIRE(machine.has_value());
  CHECK(machine->multiprocessors == 100);
  CHECK(machine->csr_flops_per_second == doctest::Approx(2e12).epsilon(0.2));
}

TEST_CASE("what a fit has not touched is a constant, and comes back all the same") {
  GemmForm form;
  form.cache = true;
  const auto costs_with = [&](const GemmForm& of, bool csr) {
    std::vector<models::FittedCost> costs = models::gemm::gemm_costs(one_tile_truth());
    keep_unfitted_as_constants(costs[0], of, csr);
    models::DeviceProfile profile;
    profile.device = "test";
    profile.costs = costs;
    CHECK(models::gemm::gemm_machine(profile) == one_tile_truth());
    return costs[0];
  };
  const models::FittedCost cost = costs_with(form, false);
  for (const char* name : {"gather_efficiency", "row_seconds", "split_seconds", "throttle_depth",
                           "throttle_seconds", "csr_flops_per_second", "tile_efficiency_large"}) {
    CAPTURE(name);
    CHECK(has(cost.constants, name));
    CHECK(!has(cost.coefficients, name));
  }
  for (const char* name : {"cache_speedup", "start_seconds", "flops_per_second", "fill_rows"}) {
    CAPTURE(name);
    CHECK(has(cost.coefficients, name));
  }
  form.latency = form.throttle = form.gather = true;
  const models::FittedCost all = costs_with(form, true);
  for (const char* name :
       {"gather_efficiency", "split_seconds", "throttle_seconds", "csr_flops_per_second"})
    CHECK(has(all.coefficients, name));
  form.order = models::gemm::TileOrder::strips;
  CHECK(!has(costs_with(form, true).coefficients, "split_seconds"));
}

TEST_CASE("a known order of tiles is not chosen") {
  const auto timed = products(GemmKernel::dense, 0.02, 6);
  std::vector<GemmCalibration> calibrations = {
      {points_of(timed), one_tile_gpu(), usual_rates(kPeak)}};
  GemmFitOptions options = one_start_options();
  CHECK(choose_form(calibrations, options).scores.size() == 16);
  options.order_known = true;
  calibrations[0].machine.order = models::gemm::TileOrder::blocks;
  const FormChoice blocks = choose_form(calibrations, options);
  CHECK(blocks.scores.size() == 8);
  for (const FormScore& score : blocks.scores)
    CHECK(score.form.order == models::gemm::TileOrder::blocks);
  calibrations[0].machine.order = models::gemm::TileOrder::strips;
  CHECK(choose_form(calibrations, options).scores.size() == 4);
}

TEST_CASE("too few products are refused") {
  auto timed = products(GemmKernel::dense, 0, 7);
  timed.resize(3);
  CHECK_THROWS_AS(fitted_costs(timed, one_tile_gpu(), usual_rates(kPeak), one_start_options()),
                  base::Error);
  CHECK_THROWS_AS(fitted_costs({}, one_tile_gpu(), usual_rates(kPeak), one_start_options()),
                  base::Error);
}
