// Held-out errors: folds share the points out evenly, and the true form wins over a richer one.
#include "calibrate/fit/held_out.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <stdexcept>

#include "models/base/random.hpp"

using namespace orrery::calibrate;

TEST_CASE("folds are even, of the seed, and refuse more folds than points") {
  const auto fold = folds_of(23, 5, 1);
  std::array<int, 5> sizes{};
  for (const std::size_t f : fold) ++sizes.at(f);
  for (const int size : sizes) CHECK((size == 4 || size == 5));
  CHECK(fold == folds_of(23, 5, 1));
  CHECK(fold != folds_of(23, 5, 2));
  CHECK_THROWS_AS(folds_of(3, 4, 1), std::invalid_argument);
  CHECK_THROWS_AS(folds_of(3, 1, 1), std::invalid_argument);
}

TEST_CASE("the true form is chosen, not the one of the least training error") {
  orrery::base::RandomStream random(7, "select");
  constexpr int kPoints = 12;
  CandidateForm constant{"constant", Eigen::MatrixXd::Ones(kPoints, 1), true};
  CandidateForm line{"latency + bytes / bandwidth", Eigen::MatrixXd(kPoints, 2), true};
  // Eight columns of noise beside the true ones fit the seen points better, the unseen worse.
  CandidateForm rich{"noise", Eigen::MatrixXd(kPoints, 8), false};
  Eigen::VectorXd seconds(kPoints);
  for (int p = 0; p < kPoints; ++p) {
    const double bytes = 1e4 * (1 << p);
    line.terms.row(p) << 1, bytes;
    rich.terms.row(p) << 1, bytes, random.normal() * bytes, random.normal() * bytes,
        random.normal() * bytes, random.normal() * bytes, random.normal() * bytes,
        random.normal() * bytes;
    seconds[p] = (2e-6 + bytes / 1e10) * (1 + 0.02 * random.normal());
  }
  const orrery::base::Spread error = cross_validate(line, seconds, 4, 1);
  CHECK(error.median < cross_validate(constant, seconds, 4, 1).median);
  CHECK(error.median <= cross_validate(rich, seconds, 4, 1).median);
  CHECK(error.median < 0.05);
  CHECK(error.p90 >= error.median);
}
