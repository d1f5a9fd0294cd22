// Errors on points that a fit has not seen: the only ones by which a form is chosen.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/base/statistics.hpp"

namespace orrery::calibrate {

/// A form that may explain the times: its terms, one row a point, and whether its coefficients
/// may fall below zero.
struct CandidateForm {
  std::string name;
  Eigen::MatrixXd terms;
  bool non_negative = true;
};

/// The fold of each of `points` points, in [0, folds), shuffled by seed and as even as they go.
/// Throws std::invalid_argument unless 2 <= folds <= points.
std::vector<std::size_t> folds_of(std::size_t points, std::size_t folds, std::uint64_t seed);

/// Fits by relative error on all folds but one, predicts that one, and does so for each: the spread
/// of |predicted - measured| / measured. Seconds must be positive; throws std::invalid_argument as
/// the fit and folds_of do.
base::Spread cross_validate(const CandidateForm& form, const Eigen::VectorXd& seconds,
                            std::size_t folds, std::uint64_t seed);

}  // namespace orrery::calibrate
