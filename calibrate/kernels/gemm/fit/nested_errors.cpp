#include "calibrate/kernels/gemm/fit/nested_errors.hpp"

#include <algorithm>

#include "calibrate/fit/held_out.hpp"

namespace orrery::calibrate::gemm::fit {

namespace {

/// The fold of each point; all in fold 0 where there is one point only.
std::vector<std::size_t> outer_folds(std::size_t points, const GemmFitOptions& options) {
  if (points < 2) return std::vector<std::size_t>(points, 0);
  return folds_of(points, std::clamp(options.folds, std::size_t{2}, points), options.seed);
}

}  // namespace

std::vector<std::vector<double>> nested_errors(std::span<const GemmCalibration> calibrations,
                                               const GemmFitOptions& options) {
  std::vector<std::vector<std::size_t>> fold;
  std::vector<std::vector<double>> errors;
  std::size_t folds = 0;
  for (const GemmCalibration& calibration : calibrations) {
    fold.push_back(outer_folds(calibration.points.size(), options));
    errors.emplace_back(calibration.points.size());
    for (const std::size_t f : fold.back()) folds = std::max(folds, f + 1);
  }
  for (std::size_t f = 0; f < folds; ++f) {
    std::vector<GemmCalibration> seen;
    for (std::size_t c = 0; c < calibrations.size(); ++c) {
      seen.push_back({{}, calibrations[c].machine, calibrations[c].priors});
      for (std::size_t i = 0; i < fold[c].size(); ++i)
        if (fold[c][i] != f) seen.back().points.push_back(calibrations[c].points[i]);
    }
    const GemmForm form = choose_form(seen, options).form;
    for (std::size_t c = 0; c < calibrations.size(); ++c) {
      const models::gemm::GemmMachine fitted =
          fit_rates(seen[c].points, seen[c].machine, seen[c].priors, form, options);
      const std::span<const GemmPoint> points = calibrations[c].points;
      for (std::size_t i = 0; i < points.size(); ++i)
        if (fold[c][i] == f) errors[c][i] = log_errors(fitted, points.subspan(i, 1)).front();
    }
  }
  return errors;
}

}  // namespace orrery::calibrate::gemm::fit
