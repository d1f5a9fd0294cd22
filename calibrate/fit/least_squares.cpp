#include "calibrate/fit/least_squares.hpp"

#include <Eigen/QR>
#include <stdexcept>
#include <vector>

namespace orrery::calibrate {
namespace {

void require_rows(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  if (a.rows() != b.size() || a.rows() == 0 || a.cols() == 0)
    throw std::invalid_argument("least squares needs as many values as rows, and at least one");
}

/// Least squares over the free columns; the others stay zero.
Eigen::VectorXd solve_free(const Eigen::MatrixXd& a, const Eigen::VectorXd& b,
                           const std::vector<bool>& free) {
  std::vector<Eigen::Index> columns;
  for (Eigen::Index c = 0; c < a.cols(); ++c)
    if (free[static_cast<std::size_t>(c)]) columns.push_back(c);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(a.cols());
  if (columns.empty()) return x;
  Eigen::MatrixXd part(a.rows(), static_cast<Eigen::Index>(columns.size()));
  for (std::size_t i = 0; i < columns.size(); ++i)
    part.col(static_cast<Eigen::Index>(i)) = a.col(columns[i]);
  const Eigen::VectorXd solved = least_squares(part, b);
  for (std::size_t i = 0; i < columns.size(); ++i)
    x[columns[i]] = solved[static_cast<Eigen::Index>(i)];
  return x;
}

/// Walks from x towards the free solution until all free coefficients are positive.
Eigen::VectorXd settle(const Eigen::MatrixXd& a, const Eigen::VectorXd& b, Eigen::VectorXd x,
                       std::vector<bool>& free) {
  for (;;) {
    Eigen::VectorXd s = solve_free(a, b, free);
    double step = 1;
    Eigen::Index blocking = -1;
    for (Eigen::Index c = 0; c < s.size(); ++c) {
      if (!free[static_cast<std::size_t>(c)] || s[c] > 0) continue;
      const double distance = x[c] - s[c];
      const double reach = distance > 0 ? x[c] / distance : 0;
      if (blocking < 0 || reach < step) {
        step = reach;
        blocking = c;
      }
    }
    if (blocking < 0) return s;
    x += step * (s - x);
    x[blocking] = 0;
    for (Eigen::Index c = 0; c < x.size(); ++c)
      if (x[c] <= 0) {
        x[c] = 0;
        free[static_cast<std::size_t>(c)] = false;
      }
  }
}

}  // namespace

Eigen::VectorXd least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  require_rows(a, b);
  return a.completeOrthogonalDecomposition().solve(b);
}

Eigen::VectorXd non_negative_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  require_rows(a, b);
  // Columns of unit length: coefficients of seconds and of seconds per byte differ by 1e12.
  Eigen::VectorXd length = a.colwise().norm().transpose();
  for (double& l : length)
    if (l == 0) l = 1;
  const Eigen::MatrixXd scaled = a * length.cwiseInverse().asDiagonal();
  std::vector<bool> free(static_cast<std::size_t>(a.cols()), false);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(a.cols());
  const double tolerance = 1e-12 * b.norm();
  const Eigen::Index most = 30 * (a.cols() + 1);
  for (Eigen::Index turn = 0; turn < most; ++turn) {
    const Eigen::VectorXd gain = scaled.transpose() * (b - scaled * x);
    Eigen::Index best = -1;
    for (Eigen::Index c = 0; c < gain.size(); ++c)
      if (!free[static_cast<std::size_t>(c)] && gain[c] > tolerance &&
          (best < 0 || gain[c] > gain[best]))
        best = c;
    if (best < 0) return x.cwiseQuotient(length);
    free[static_cast<std::size_t>(best)] = true;
    x = settle(scaled, b, x, free);
  }
  throw std::runtime_error("non-negative least squares did not settle");
}

void weigh_by_relative_error(Eigen::MatrixXd& a, Eigen::VectorXd& b) {
  require_rows(a, b);
  for (Eigen::Index r = 0; r < b.size(); ++r) {
    if (!(b[r] > 0)) throw std::invalid_argument("a measured value must be positive");
    a.row(r) /= b[r];
    b[r] = 1;
  }
}

}  // namespace orrery::calibrate
