// Which terms of the cost model the measurements of a calibration bear out, by cross-validation.
#pragma once

#include <span>
#include <vector>

#include "calibrate/kernels/gemm/fit/rate_fit.hpp"

namespace orrery::calibrate::gemm::fit {

/// The measured products of one family of kernels on one device.
struct GemmCalibration {
  std::vector<GemmPoint> points;  ///< all of dense kernels, or all of 2:4 kernels
  models::gemm::GemmMachine machine;
  RatePriors priors;
};

/// How a form did on points its fits had not seen.
struct FormScore {
  GemmForm form;
  double error = 0;  ///< mean |ln(predicted / measured)| of the left-out points of all calibrations
};

struct FormChoice {
  GemmForm form;
  std::vector<FormScore> scores;  ///< of every form tried, fewest parameters first
  /// ln(predicted / measured) of each point of each calibration when left out, chosen form.
  std::vector<std::vector<double>> left_out;
};

/// Scores the form of docs/systems/tvw.md, "Cost model", and it with every set of added terms on
/// left-out folds of the calibrations, each fitted by itself, and takes one form for all of them:
/// of those within `indifference` of the lowest error the one with the fewest parameters. More
/// calibrations, less chance in the choice. The error on fitted points is never looked at. Forms
/// with more than two parameters for three points are not tried; `gather` is in every form where a
/// point gathers rows. Throws base::Error as fit_rates does. At least one calibration.
FormChoice choose_form(std::span<const GemmCalibration> calibrations,
                       const GemmFitOptions& options);

}  // namespace orrery::calibrate::gemm::fit
