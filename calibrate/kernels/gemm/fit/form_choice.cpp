#include "calibrate/kernels/gemm/fit/form_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "models/base/random.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

using models::gemm::GemmMachine;
using models::gemm::TileOrder;

/// Fold of each point: a seeded shuffle dealt out in turn.
std::vector<std::size_t> deal(std::size_t points, const GemmFitOptions& options) {
  base::RandomStream random(options.seed, "gemm folds");
  std::vector<std::size_t> order(points);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = points; i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(i))]);
  std::vector<std::size_t> fold(points);
  for (std::size_t i = 0; i < points; ++i)
    fold[order[i]] = i % std::max<std::size_t>(2, options.folds);
  return fold;
}

/// The form of docs/systems/tvw.md, "Cost model", and it with every set of added terms, fewest
/// parameters first. Kernels in strips do not throttle, and where the order is known it is not
/// chosen.
std::vector<GemmForm> candidates(const GemmForm& least, bool order_known) {
  const bool strips = least.order == TileOrder::strips;
  unsigned sets = 16;
  if (order_known) sets = 8;
  if (strips) sets = 4;
  std::vector<GemmForm> forms;
  for (unsigned terms = 0; terms < sets; ++terms) {
    GemmForm form = least;
    form.cache = (terms & 1) != 0;
    form.latency = (terms & 2) != 0;
    form.throttle = (terms & 4) != 0;
    if (!strips && !order_known)
      form.order = (terms & 8) != 0 ? TileOrder::blocks : TileOrder::panels;
    forms.push_back(form);
  }
  std::stable_sort(forms.begin(), forms.end(), [](const GemmForm& a, const GemmForm& b) {
    return free_parameters(a) < free_parameters(b);
  });
  return forms;
}

/// ln(predicted / measured) of each point by a fit to the other folds.
std::vector<double> left_out_errors(const GemmCalibration& calibration, const GemmForm& form,
                                    const GemmFitOptions& options) {
  const std::span<const GemmPoint> points = calibration.points;
  const std::vector<std::size_t> fold = deal(points.size(), options);
  std::vector<double> errors(points.size());
  for (std::size_t f = 0; f <= *std::max_element(fold.begin(), fold.end()); ++f) {
    std::vector<GemmPoint> seen;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (fold[i] != f) seen.push_back(points[i]);
    const GemmMachine fitted =
        fit_rates(seen, calibration.machine, calibration.priors, form, options);
    for (std::size_t i = 0; i < points.size(); ++i)
      if (fold[i] == f) errors[i] = log_errors(fitted, points.subspan(i, 1)).front();
  }
  return errors;
}

/// Mean magnitude over the points of all calibrations.
double mean_magnitude(const std::vector<std::vector<double>>& errors) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& of_one : errors) {
    for (const double error : of_one) sum += std::abs(error);
    count += of_one.size();
  }
  return sum / static_cast<double>(count);
}

bool too_many_parameters(std::span<const GemmCalibration> calibrations, const GemmForm& form) {
  return std::any_of(calibrations.begin(), calibrations.end(), [&](const auto& calibration) {
    return 2 * calibration.points.size() < 3 * free_parameters(form);
  });
}

}  // namespace

FormChoice choose_form(std::span<const GemmCalibration> calibrations,
                       const GemmFitOptions& options) {
  GemmForm plain;
  for (const GemmCalibration& calibration : calibrations) {
    if (options.order_known || calibration.machine.order == TileOrder::strips)
      plain.order = calibration.machine.order;
    for (const GemmPoint& point : calibration.points)
      plain.gather = plain.gather || point.work.mean_run > 0;
  }
  for (const GemmCalibration& calibration : calibrations) check_points(calibration.points, plain);
  FormChoice choice;
  std::vector<std::vector<std::vector<double>>> left_out;  // of each form, calibration, point
  double lowest = std::numeric_limits<double>::infinity();
  for (const GemmForm& form : candidates(plain, options.order_known)) {
    if (!choice.scores.empty() && too_many_parameters(calibrations, form)) continue;
    left_out.emplace_back();
    for (const GemmCalibration& calibration : calibrations)
      left_out.back().push_back(left_out_errors(calibration, form, options));
    choice.scores.push_back({form, mean_magnitude(left_out.back())});
    lowest = std::min(lowest, choice.scores.back().error);
  }
  // The first that is good enough: the fewest parameters.
  std::size_t chosen = 0;
  while (choice.scores[chosen].error > lowest * (1 + options.indifference)) ++chosen;
  choice.form = choice.scores[chosen].form;
  choice.left_out = std::move(left_out[chosen]);
  return choice;
}

}  // namespace orrery::calibrate::gemm::fit
