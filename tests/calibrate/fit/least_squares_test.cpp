// Least squares against known coefficients, and the non-negative one against every active set.
#include "calibrate/fit/least_squares.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "calibrate/kernels/kernel.hpp"
#include "models/base/random.hpp"

using namespace orrery::calibrate;
using orrery::base::RandomStream;

namespace {

/// The least residual over all subsets of columns whose plain solution is non-negative.
double brute_force(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  double best = b.norm();
  for (int set = 1; set < (1 << a.cols()); ++set) {
    Eigen::MatrixXd part(a.rows(), 0);
    for (int c = 0; c < a.cols(); ++c)
      if (set & (1 << c)) {
        part.conservativeResize(Eigen::NoChange, part.cols() + 1);
        part.col(part.cols() - 1) = a.col(c);
      }
    const Eigen::VectorXd x = least_squares(part, b);
    if (x.minCoeff() >= 0) best = std::min(best, (part * x - b).norm());
  }
  return best;
}

}  // namespace

TEST_CASE("noisy times give back latency and bandwidth") {
  RandomStream random(3, "fit");
  Eigen::MatrixXd a(60, 2);
  Eigen::VectorXd b(60);
  for (int r = 0; r < 60; ++r) {
    a(r, 0) = 1;
    a(r, 1) = 1e3 * (1 << (r % 20));
    b[r] = (2e-6 + a(r, 1) / 1e10) * (1 + 0.01 * random.normal());
  }
  weigh_by_relative_error(a, b);
  for (const Eigen::VectorXd& x : {least_squares(a, b), non_negative_least_squares(a, b)}) {
    CHECK(x[0] == doctest::Approx(2e-6).epsilon(0.02));
    CHECK(x[1] == doctest::Approx(1e-10).epsilon(0.02));
  }
}

TEST_CASE("non-negative least squares equals the best of all active sets") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "nnls");
    Eigen::MatrixXd a(7, 4);
    Eigen::VectorXd b(7);
    for (double& value : a.reshaped()) value = random.normal();
    for (double& value : b) value = random.normal();
    const Eigen::VectorXd x = non_negative_least_squares(a, b);
    CHECK(x.minCoeff() >= 0);
    CHECK((a * x - b).norm() == doctest::Approx(brute_force(a, b)).epsilon(1e-9));
    const Eigen::VectorXd gradient = a.transpose() * (a * x - b);
    CHECK(gradient.minCoeff() > -1e-9);
    CHECK(std::abs(gradient.dot(x)) < 1e-9);
  }
}
