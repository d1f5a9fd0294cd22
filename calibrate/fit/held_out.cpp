#include "calibrate/fit/held_out.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include "calibrate/fit/least_squares.hpp"
#include "models/base/random.hpp"

namespace orrery::calibrate {

std::vector<std::size_t> folds_of(std::size_t points, std::size_t folds, std::uint64_t seed) {
  if (folds < 2 || folds > points)
    throw std::invalid_argument("cross-validation needs 2 folds or more and a point for each");
  std::vector<std::size_t> fold(points);
  for (std::size_t p = 0; p < points; ++p) fold[p] = p % folds;
  base::RandomStream random(seed, "calibrate.folds");
  for (std::size_t p = points; p > 1; --p) std::swap(fold[p - 1], fold[random.below(p)]);
  return fold;
}

base::Spread cross_validate(const CandidateForm& form, const Eigen::VectorXd& seconds,
                            std::size_t folds, std::uint64_t seed) {
  if (form.terms.rows() != seconds.size())
    throw std::invalid_argument("a form needs as many rows of terms as there are times");
  const std::vector<std::size_t> fold =
      folds_of(static_cast<std::size_t>(seconds.size()), folds, seed);
  std::vector<double> errors;
  for (std::size_t held = 0; held < folds; ++held) {
    std::vector<Eigen::Index> seen;
    for (std::size_t p = 0; p < fold.size(); ++p)
      if (fold[p] != held) seen.push_back(static_cast<Eigen::Index>(p));
    Eigen::MatrixXd a = form.terms(seen, Eigen::all);
    Eigen::VectorXd b = seconds(seen);
    weigh_by_relative_error(a, b);
    const Eigen::VectorXd x =
        form.non_negative ? non_negative_least_squares(a, b) : least_squares(a, b);
    for (std::size_t p = 0; p < fold.size(); ++p) {
      const auto row = static_cast<Eigen::Index>(p);
      if (fold[p] == held)
        errors.push_back(std::abs(form.terms.row(row).dot(x) - seconds[row]) / seconds[row]);
    }
  }
  return *base::spread_of(std::move(errors));
}

}  // namespace orrery::calibrate
