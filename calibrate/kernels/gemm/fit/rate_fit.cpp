#include "calibrate/kernels/gemm/fit/rate_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "calibrate/kernels/gemm/fit/nelder_mead.hpp"
#include "models/base/error.hpp"
#include "models/base/portable_math.hpp"
#include "models/base/random.hpp"
#include "models/gemm/gemm_cost.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

using models::gemm::GemmMachine;
using models::gemm::KernelRates;

constexpr double kFirstStep = 0.5;  // of a simplex, in standard deviations of the prior

GemmMachine with_rates(const GemmMachine& machine, const KernelRates& rates, const GemmForm& form,
                       bool two_of_four) {
  GemmMachine changed = machine;
  changed.order = form.order;
  if (two_of_four)
    changed.two_of_four = rates;
  else
    changed.dense = rates;
  return changed;
}

/// The damped cost of a set of rates: 2 (sqrt(1 + r^2) - 1) is quadratic near 0, linear far out.
class Objective {
 public:
  Objective(std::span<const GemmPoint> points, const GemmMachine& machine, const RatePriors& priors,
            const GemmForm& form, const GemmFitOptions& options)
      : points_(points), machine_(machine), priors_(priors), form_(form), options_(options) {}

  GemmMachine machine_at(const std::vector<double>& z) const {
    return with_rates(machine_, rates_at(z, form_, priors_), form_,
                      points_.front().work.two_of_four());
  }

  double operator()(const std::vector<double>& z) const {
    double sum = 0;
    for (const double error : log_errors(machine_at(z), points_)) {
      const double r = error / options_.residual;
      sum += 2 * (std::sqrt(1 + r * r) - 1);
    }
    for (const double component : z) sum += options_.prior_weight * component * component;
    return sum;
  }

 private:
  std::span<const GemmPoint> points_;
  const GemmMachine& machine_;
  const RatePriors& priors_;
  const GemmForm& form_;
  const GemmFitOptions& options_;
};

struct Draw {
  std::vector<double> z;
  double cost = 0;
};

/// The best draws of the random search, the centre of the prior among them.
std::vector<Draw> best_draws(const Objective& objective, std::size_t parameters,
                             const GemmFitOptions& options) {
  base::RandomStream random(options.seed, "gemm fit");
  std::vector<Draw> draws;
  for (int i = 0; i < options.draws; ++i) {
    Draw draw;
    draw.z.assign(parameters, 0);
    if (i > 0)
      for (double& component : draw.z) component = random.normal();
    draw.cost = objective(draw.z);
    draws.push_back(std::move(draw));
  }
  std::stable_sort(draws.begin(), draws.end(),
                   [](const Draw& a, const Draw& b) { return a.cost < b.cost; });
  draws.resize(std::min(draws.size(), static_cast<std::size_t>(std::max(1, options.starts))));
  return draws;
}

}  // namespace

void check_points(std::span<const GemmPoint> points, const GemmForm& form) {
  if (2 * points.size() < free_parameters(form))
    throw base::Error({"", 0, 0, "points"},
                      fmt::format("found {} measured products, expected at least {} to fit {}",
                                  points.size(), (free_parameters(form) + 1) / 2, to_string(form)));
  for (const GemmPoint& point : points)
    if (!(point.seconds > 0) || !std::isfinite(point.seconds))
      throw base::Error({"", 0, 0, "seconds"},
                        fmt::format("found {}, expected a time above 0", point.seconds));
}

std::vector<double> log_errors(const GemmMachine& machine, std::span<const GemmPoint> points) {
  std::vector<double> errors;
  errors.reserve(points.size());
  for (const GemmPoint& point : points)
    errors.push_back(base::portable_log(
        models::gemm::uncorrected_cost(point.work, machine).seconds / point.seconds));
  return errors;
}

models::gemm::ResidualTable residuals_of(const GemmMachine& machine,
                                         std::span<const GemmPoint> points) {
  std::vector<models::gemm::GemmShape> shapes;
  std::vector<double> residuals;
  for (const double error : log_errors(machine, points)) residuals.push_back(-error);
  for (const GemmPoint& point : points) shapes.push_back(point.work.shape);
  return {std::move(shapes), std::move(residuals)};
}

GemmMachine fit_rates(std::span<const GemmPoint> points, const GemmMachine& machine,
                      const RatePriors& priors, const GemmForm& form,
                      const GemmFitOptions& options) {
  check_points(points, form);
  models::gemm::check(machine);
  const Objective objective(points, machine, priors, form, options);
  const std::vector<double> steps(free_parameters(form), kFirstStep);
  std::optional<Minimum> best;
  for (const Draw& draw : best_draws(objective, free_parameters(form), options)) {
    Minimum found = minimise(objective, draw.z, steps, options.evaluations);
    if (!best || found.value < best->value) best = std::move(found);
  }
  return objective.machine_at(best->at);
}

}  // namespace orrery::calibrate::gemm::fit
