// Nelder and Mead on functions whose minimum is known.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "calibrate/kernels/gemm/fit/nelder_mead.hpp"

using namespace orrery::calibrate::gemm::fit;

TEST_CASE("the valley of Rosenbrock is followed to its end") {
  const auto valley = [](const std::vector<double>& x) {
    const double across = x[1] - x[0] * x[0];
    return 100 * across * across + (1 - x[0]) * (1 - x[0]);
  };
  const Minimum found = minimise(valley, {-1.2, 1}, {0.5, 0.5}, 1000);
  CHECK(found.at[0] == doctest::Approx(1).epsilon(1e-3));
  CHECK(found.at[1] == doctest::Approx(1).epsilon(1e-3));
}

TEST_CASE("kinks do not stop it") {
  const auto kinked = [](const std::vector<double>& x) {
    return std::max(std::abs(x[0] - 2), 3 * std::abs(x[1] + 1)) + 0.1 * std::abs(x[2]);
  };
  CHECK(minimise(kinked, {0, 0, 1}, {0.5, 0.5, 0.5}, 1000).value < 0.02);
}

TEST_CASE("the budget is a count and the result repeats") {
  int calls = 0;
  const auto bowl = [&](const std::vector<double>& x) {
    ++calls;
    return std::cosh(x[0] - 0.3) + x[1] * x[1];
  };
  const Minimum first = minimise(bowl, {5, 5}, {1, 1}, 40);
  CHECK(first.evaluations == calls);
  CHECK(calls <= 40 + 3);  // a step that was begun is ended
  const Minimum again = minimise(bowl, {5, 5}, {1, 1}, 40);
  CHECK(again.at == first.at);
  CHECK(again.value == first.value);
}
