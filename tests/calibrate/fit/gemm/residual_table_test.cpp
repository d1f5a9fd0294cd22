// Corrections by the nearest residuals.
#include <doctest/doctest.h>

#include <cmath>

#include "calibrate/fit/gemm/residual_table.hpp"

using namespace orrery::calibrate::fit;

TEST_CASE("half of the residual of the neighbourhood is taken") {
  const ResidualTable same({{64, 64, 64}, {128, 128, 128}}, {0.2, 0.2});
  CHECK(same.factor({90, 90, 90}) == doctest::Approx(std::exp(0.1)));
  const ResidualTable one({{64, 64, 64}}, {-0.4});
  CHECK(one.factor({9000, 9000, 9000}) == doctest::Approx(std::exp(-0.2)));
}

TEST_CASE("near shapes weigh more, and only three count") {
  const ResidualTable table(
      {{64, 64, 64}, {1 << 20, 64, 64}, {1 << 20, 128, 64}, {1 << 20, 64, 128}, {1 << 29, 64, 64}},
      {0.3, 0, 0, 0, 100});
  CHECK(table.factor({64, 64, 64}) > std::exp(0.14));
  CHECK(table.factor({64, 64, 64}) < std::exp(0.15));
  CHECK(table.factor({1 << 20, 96, 64}) < std::exp(0.02));
}
