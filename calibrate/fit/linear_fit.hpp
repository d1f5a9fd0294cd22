// A cost as a sum of non-negative terms, its form chosen among candidates by held-out error.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibrate/fit/by_variant.hpp"

namespace orrery::calibrate {

/// One term: a coefficient (seconds, seconds a byte) times what a point has of it.
struct LinearTerm {
  std::string name;
  std::vector<double> values;  ///< one for each point, in their order
};

/// A candidate: the sum of its terms is the time. List the simplest first.
struct LinearForm {
  std::string name;  ///< in words, as the profile shows it
  std::vector<LinearTerm> terms;
};

/// A form's coefficients and what they are worth.
struct LinearFit {
  std::size_t form = 0;              ///< index of the candidate
  std::vector<double> coefficients;  ///< of its terms, none below zero
  /// What is predicted of each point by a fit, and by a choice of the form, that had no part of it.
  std::vector<double> left_out_seconds;
};

/// Fits the coefficients by non-negative least squares on relative errors. The form is the one of
/// least median plus p90 in cross-validation; `left_out_seconds` are of an outer cross-validation
/// whose held-out points took no part in that choice either. All of it ours, of least squares and
/// nested folds as they are commonly used. The same points, candidates and seed give the same
/// bytes. Throws std::invalid_argument where a form has no term, a term not a value for each point,
/// or a time is not positive, and base::Error (run_failed) for fewer than kLeastPoints points.
LinearFit fit_linear(std::span<const LinearForm> forms, std::span<const double> seconds,
                     std::uint64_t seed);

/// The chosen form and its coefficients as a cost of a profile, with the predictions of the fit. A
/// term named `...bytes_per_second` has seconds a byte: its inverse is written, and nothing where
/// it costs nothing.
VariantFit linear_cost(std::string_view kernel, std::string_view variant,
                       std::span<const LinearForm> forms, LinearFit fit);

/// Fewer cannot be shared out to folds within folds.
constexpr std::size_t kLeastPoints = 6;

/// The time of point `p` by those coefficients.
double linear_seconds(const LinearForm& form, std::span<const double> coefficients, std::size_t p);

}  // namespace orrery::calibrate
