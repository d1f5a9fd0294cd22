// Corrections by the nearest residuals.
#include <doctest/doctest.h>

#include <cmath>

#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/residual_table.hpp"

using namespace orrery::models::gemm;

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

TEST_CASE("a table without residuals changes nothing") {
  CHECK(ResidualTable().factor({64, 64, 64}) == 1);
}

TEST_CASE("residuals correct dense products by their table, 2:4 products by theirs, others not") {
  GemmMachine plain;
  plain.name = "plain";
  plain.tiles = gpu_tiles();
  GemmMachine corrected = plain;
  corrected.dense_residuals = ResidualTable({{512, 512, 512}}, {0.2});
  corrected.two_of_four_residuals = ResidualTable({{512, 512, 512}}, {-0.2});
  const GemmShape shape = {1000, 700, 300};
  const auto ratio = [&](const GemmWork& work) {
    const GemmCost with = gemm_cost(work, corrected);
    const GemmCost without = gemm_cost(work, plain);
    CHECK(with.dense_flops_per_second * with.seconds ==
          doctest::Approx(without.dense_flops_per_second * without.seconds));
    CHECK(with.achieved_flops_per_second * with.seconds ==
          doctest::Approx(without.achieved_flops_per_second * without.seconds));
    return with.seconds / without.seconds;
  };
  CHECK(ratio(dense_work(shape)) == doctest::Approx(std::exp(0.1)));
  CHECK(ratio(two_of_four_work(shape)) == doctest::Approx(std::exp(-0.1)));
  CHECK(ratio(uniform_work(shape, {GemmKernel::tw, 0.5})) == 1);
  CHECK(ratio(csr_work(shape, 0.5)) == 1);
}
