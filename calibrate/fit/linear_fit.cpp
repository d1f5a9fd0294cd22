#include "calibrate/fit/linear_fit.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "calibrate/fit/held_out.hpp"
#include "calibrate/fit/least_squares.hpp"
#include "models/base/error.hpp"

namespace orrery::calibrate {

namespace {

constexpr std::size_t kMostFolds = 8;
/// Errors that differ by less are equal, and the simpler form is taken: rounding is not a reason.
constexpr double kSameError = 1e-9;

CandidateForm candidate(const LinearForm& form, std::size_t points) {
  if (form.terms.empty()) throw std::invalid_argument("a form needs a term");
  CandidateForm made{form.name,
                     Eigen::MatrixXd(static_cast<Eigen::Index>(points),
                                     static_cast<Eigen::Index>(form.terms.size())),
                     true};
  for (std::size_t t = 0; t < form.terms.size(); ++t) {
    if (form.terms[t].values.size() != points)
      throw std::invalid_argument("a term needs a value for each point");
    for (std::size_t p = 0; p < points; ++p)
      made.terms(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(t)) =
          form.terms[t].values[p];
  }
  return made;
}

std::vector<CandidateForm> rows_of(const std::vector<CandidateForm>& forms,
                                   const std::vector<Eigen::Index>& rows) {
  std::vector<CandidateForm> part;
  for (const CandidateForm& form : forms)
    part.push_back({form.name, form.terms(rows, Eigen::all), form.non_negative});
  return part;
}

Eigen::VectorXd solve(Eigen::MatrixXd terms, Eigen::VectorXd seconds) {
  weigh_by_relative_error(terms, seconds);
  return non_negative_least_squares(terms, seconds);
}

/// By median and p90 together: the median alone would not see a form that fails where few points
/// lie, as at the edge of a cache.
std::size_t choose(const std::vector<CandidateForm>& forms, const Eigen::VectorXd& seconds,
                   std::uint64_t seed) {
  if (forms.size() == 1) return 0;
  const std::size_t folds = std::min(kMostFolds, static_cast<std::size_t>(seconds.size()));
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t f = 0; f < forms.size(); ++f) {
    const base::Spread error = cross_validate(forms[f], seconds, folds, seed);
    if (error.median + error.p90 >= least - kSameError) continue;
    best = f;
    least = error.median + error.p90;
  }
  return best;
}

/// The seconds of each point by the form and the fit of the folds that it is not in.
std::vector<double> left_out(const std::vector<CandidateForm>& forms,
                             const Eigen::VectorXd& seconds, std::uint64_t seed) {
  const auto points = static_cast<std::size_t>(seconds.size());
  const std::size_t folds = std::min(kMostFolds, points);
  const std::vector<std::size_t> fold = folds_of(points, folds, seed);
  std::vector<double> predicted(points);
  for (std::size_t held = 0; held < folds; ++held) {
    std::vector<Eigen::Index> seen;
    for (std::size_t p = 0; p < points; ++p)
      if (fold[p] != held) seen.push_back(static_cast<Eigen::Index>(p));
    const std::vector<CandidateForm> part = rows_of(forms, seen);
    const Eigen::VectorXd part_seconds = seconds(seen);
    const std::size_t chosen = choose(part, part_seconds, seed + held + 1);
    const Eigen::VectorXd x = solve(part[chosen].terms, part_seconds);
    for (std::size_t p = 0; p < points; ++p) {
      if (fold[p] != held) continue;
      predicted[p] = forms[chosen].terms.row(static_cast<Eigen::Index>(p)).dot(x);
    }
  }
  return predicted;
}

}  // namespace

LinearFit fit_linear(std::span<const LinearForm> forms, std::span<const double> seconds,
                     std::uint64_t seed) {
  if (seconds.size() < kLeastPoints)
    throw base::Error({},
                      std::to_string(seconds.size()) + " points were measured where a fit " +
                          "needs " + std::to_string(kLeastPoints) + " or more",
                      base::Fault::run_failed);
  std::vector<CandidateForm> candidates;
  for (const LinearForm& form : forms) candidates.push_back(candidate(form, seconds.size()));
  if (candidates.empty()) throw std::invalid_argument("there is no form to choose from");
  const Eigen::VectorXd times =
      Eigen::Map<const Eigen::VectorXd>(seconds.data(), static_cast<Eigen::Index>(seconds.size()));
  LinearFit fit;
  fit.left_out_seconds = left_out(candidates, times, seed);
  fit.form = choose(candidates, times, seed);
  const Eigen::VectorXd x = solve(candidates[fit.form].terms, times);
  fit.coefficients.assign(x.begin(), x.end());
  return fit;
}

double linear_seconds(const LinearForm& form, std::span<const double> coefficients, std::size_t p) {
  double seconds = 0;
  for (std::size_t t = 0; t < form.terms.size(); ++t)
    seconds += coefficients[t] * form.terms[t].values[p];
  return seconds;
}

VariantFit linear_cost(std::string_view kernel, std::string_view variant,
                       std::span<const LinearForm> forms, LinearFit fit) {
  models::FittedCost cost;
  cost.kernel = kernel;
  cost.variant = variant;
  cost.form = forms[fit.form].name;
  for (std::size_t t = 0; t < fit.coefficients.size(); ++t) {
    const std::string& name = forms[fit.form].terms[t].name;
    const double value = fit.coefficients[t];
    if (!name.ends_with("bytes_per_second"))
      cost.coefficients.emplace_back(name, value);
    else if (value > 0)
      cost.coefficients.emplace_back(name, 1 / value);
  }
  return {std::move(cost), std::move(fit.left_out_seconds)};
}

}  // namespace orrery::calibrate
