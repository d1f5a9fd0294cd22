// Fits of device costs: what data says is found, what it does not say stays, outliers count little.
#include "models/training/calibration.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "models/base/random.hpp"
#include "models/training/coefficients.hpp"
#include "tests/models/training/support.hpp"

using namespace orrery;
using namespace orrery::models;

namespace {

struct Case {
  std::vector<DeviceCosts> truth;
  std::vector<CalibrationPoint> points;
};

const ModelDescription& model_of(const char* name) {
  const ModelDescription* model = find_model(name);
  REQUIRE(model != nullptr);
  return *model;
}

/// What two devices would measure if `truth` were so, best plans on up to 8 GPUs.
Case measured_by(std::vector<DeviceCosts> truth) {
  Case made{std::move(truth), {}};
  for (const char* name : {"bert-760M", "bert-1.3B", "moe-690M", "wide_resnet-500M"}) {
    for (const double batch : {128.0, 256.0, 512.0}) {
      for (std::size_t device = 0; device < made.truth.size(); ++device) {
        for (const Locality locality : {Locality{1, 1}, Locality{1, 4}, Locality{2, 4}}) {
          CalibrationPoint point;
          point.model = &model_of(name);
          point.global_batch = batch;
          point.device = device;
          point.locality = locality;
          point.options = usual_options(*point.model);
          point.options.mixed_shapes = false;
          point.measured_seconds = estimated_seconds(point, made.truth);
          made.points.push_back(point);
        }
      }
    }
  }
  return made;
}

std::vector<DeviceCosts> two_priors() {
  return {calibration_prior(*find_gpu("a100-80g")), calibration_prior(*find_gpu("h100"))};
}

std::vector<DeviceCosts> changed(std::vector<DeviceCosts> devices) {
  for (KindCosts& kind : devices[0].kinds) kind.flop_efficiency *= 0.7;
  for (KindCosts& kind : devices[1].kinds) kind.flop_efficiency *= 1.3;
  return devices;
}

double largest_error(const Case& made, const std::vector<DeviceCosts>& devices) {
  double largest = 0;
  for (const CalibrationPoint& point : made.points)
    largest = std::max(
        largest, std::abs(std::log(estimated_seconds(point, devices) / point.measured_seconds)));
  return largest;
}

constexpr FitOptions kQuick{.prior_weight = 0.001, .rounds = 1};

}  // namespace

TEST_CASE("a fit finds the rates that made the times") {
  const auto priors = two_priors();
  const Case made = measured_by(changed(priors));
  CHECK(largest_error(made, priors) > 0.15);
  const DeviceFit fit =
      fit_devices(made.points, priors, searched_plan_coefficients(priors), kQuick);
  CHECK(largest_error(made, fit.devices) < 0.02);
  const auto rate = [](const DeviceCosts& d) { return d.kinds[1].flop_efficiency; };
  CHECK(rate(fit.devices[0]) / rate(priors[0]) == doctest::Approx(0.7).epsilon(0.05));
  CHECK(rate(fit.devices[1]) / rate(priors[1]) == doctest::Approx(1.3).epsilon(0.05));
}

TEST_CASE("a fit repeats to the bit") {
  const auto priors = two_priors();
  const Case made = measured_by(changed(priors));
  const auto coefficients = searched_plan_coefficients(priors);
  const DeviceFit one = fit_devices(made.points, priors, coefficients, kQuick);
  const DeviceFit two = fit_devices(made.points, priors, coefficients, kQuick);
  CHECK(one.factors == two.factors);
  CHECK(one.cost == two.cost);
}

TEST_CASE("what no point tells keeps its prior") {
  const auto priors = two_priors();
  Case made = measured_by(changed(priors));
  std::erase_if(made.points, [](const CalibrationPoint& point) {
    return point.device == 1 || point.locality.nodes > 1;
  });
  const auto coefficients = searched_plan_coefficients(priors);
  const DeviceFit fit = fit_devices(made.points, priors, coefficients, kQuick);
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    if (coefficients[k].devices == std::vector<std::size_t>{1} ||
        coefficients[k].name.starts_with("link across nodes")) {
      CAPTURE(coefficients[k].name);
      CHECK(fit.factors[k] == doctest::Approx(1));
    }
  }
}

TEST_CASE("a few wild times move a fit little, one bound by its prior less") {
  const auto priors = two_priors();
  Case made = measured_by(changed(priors));
  const std::uint64_t seed = 3;
  CAPTURE(seed);
  base::RandomStream random(seed, "outliers");
  for (int i = 0; i < 4; ++i) made.points[random.below(made.points.size())].measured_seconds *= 5;
  const auto coefficients = searched_plan_coefficients(priors);
  const DeviceFit fit = fit_devices(made.points, priors, coefficients, kQuick);
  const auto rate = [](const DeviceCosts& d) { return d.kinds[1].flop_efficiency; };
  CHECK(rate(fit.devices[0]) / rate(priors[0]) == doctest::Approx(0.7).epsilon(0.1));
  const DeviceFit bound =
      fit_devices(made.points, priors, coefficients, {.prior_weight = 10, .rounds = 1});
  CHECK(std::abs(std::log(bound.factors[0])) < std::abs(std::log(fit.factors[0])));
}

TEST_CASE("a forced plan counts in place of the best one") {
  const auto priors = two_priors();
  CalibrationPoint point;
  point.model = &model_of("bert-1.3B");
  point.global_batch = 128;
  point.locality = {1, 4};
  point.options = usual_options(*point.model);
  const double best = estimated_seconds(point, priors);
  ParallelPlan plan;
  plan.micro_batches = 16;
  plan.stages = {{0, static_cast<int>(point.model->layers.size()), 1, 4}};
  point.plan = plan;
  CHECK(estimated_seconds(point, priors) > best);
  CHECK(estimated_seconds(point, priors) ==
        plan_time(*point.model, 128, plan, point.locality, priors[0], point.options).total_seconds);
}

TEST_CASE("links come from measured all-reduces where there are any") {
  DeviceCosts device = calibration_prior(*find_gpu("a40"));
  const double card = device.across_nodes.bytes_per_second;
  CollectiveTable measured;
  constexpr double kBytes = 1 << 28;
  // Two ranks send S over the slower direction once: S / t.
  measured.add({CollectiveOp::all_reduce, 1, 2, 2, 1}, {kBytes, kBytes / 14e9});
  take_links(device, measured);
  CHECK(device.in_node.bytes_per_second == doctest::Approx(14e9));
  CHECK(device.across_nodes.bytes_per_second == card);
  measured.add({CollectiveOp::all_reduce, 2, 2, 4, 1}, {kBytes, 1.5 * kBytes / 3e9});
  take_links(device, measured);
  CHECK(device.across_nodes.bytes_per_second == doctest::Approx(3e9));
}
