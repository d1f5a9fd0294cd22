// Least squares, plain and with coefficients that may not fall below zero.
#pragma once

#include <Eigen/Core>

namespace orrery::calibrate {

/// The x that minimises |A x - b|, of least norm where several do. Throws std::invalid_argument
/// where the rows of A and b differ or there are none.
Eigen::VectorXd least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

/// The x >= 0 that minimises |A x - b|, by Lawson and Hanson's active sets. Throws as
/// least_squares does, and std::runtime_error where it does not settle.
Eigen::VectorXd non_negative_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

/// Divides each row of A, and b, by the measured value, so that least squares weighs relative
/// errors alike over times of any size. Throws std::invalid_argument where a value is not positive.
void weigh_by_relative_error(Eigen::MatrixXd& a, Eigen::VectorXd& b);

}  // namespace orrery::calibrate
