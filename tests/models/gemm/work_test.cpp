// Work from layouts and from uniform patterns: what is kept, touched and gathered.
#include <doctest/doctest.h>

#include <string>

#include "models/base/error.hpp"
#include "models/gemm/work.hpp"

using namespace orrery;
using namespace orrery::models::gemm;

namespace {

template <class Call>
std::string work_refusal(Call&& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.where().key + ": " + error.sentence();
  }
  return "";
}

std::int64_t columns_of(const GemmWork& work) {
  std::int64_t sum = 0;
  for (const PanelGroup& panel : work.panels) sum += panel.columns * panel.count;
  return sum;
}

}  // namespace

TEST_CASE("a layout becomes panels with their rows, columns and runs") {
  models::sparsity::TileLayout layout;
  layout.rows = 8;
  layout.columns = 6;
  layout.panels = {{{0, 1, 2, 5}, {0, 2}}, {{1, 2, 7}, {3, 4}}, {{}, {5}}};
  const GemmWork work = tile_work(layout, 100);
  CHECK(work.kernel == GemmKernel::tw);
  CHECK(work.shape == GemmShape{100, 6, 8});
  CHECK(work.panels == std::vector<PanelGroup>{{4, 2, 1}, {3, 2, 1}});
  CHECK(work.rows_touched == 5);  // 0, 1, 2, 5, 7
  CHECK(work.columns_kept == 5);
  CHECK(work.mean_run == doctest::Approx(7.0 / 4));
  CHECK(work.kept == doctest::Approx(14.0 / 48));
  layout.two_of_four = true;
  CHECK(tile_work(layout, 100).kernel == GemmKernel::tvw);
  CHECK(tile_work(layout, 100).kept == doctest::Approx(7.0 / 48));
}

TEST_CASE("panels that are plain slices gather nothing") {
  models::sparsity::TileLayout layout;
  layout.rows = 8;
  layout.columns = 4;
  layout.panels = {{{2, 3, 4}, {0, 1}}, {{0, 1}, {2, 3}}};
  CHECK(tile_work(layout, 1).mean_run == 0);
}

TEST_CASE("the square-root split of a uniform pattern") {
  // 75 %: half the columns and half the rows (docs/systems/tvw.md, "TW-2D scores").
  const GemmWork tw = uniform_work({12800, 768, 768}, {GemmKernel::tw, 0.75, 128, 0});
  CHECK(tw.columns_kept == 384);
  CHECK(tw.panels == std::vector<PanelGroup>{{384, 128, 3}});
  CHECK(tw.mean_run == doctest::Approx(2));
  CHECK(tw.rows_touched == 672);  // 768 * (1 - 1/8)
  // TVW at 75 % is TW at 50 % with 2:4 inside.
  const GemmWork tvw = uniform_work({1, 1000, 1000}, {GemmKernel::tvw, 0.75, 100, 0});
  CHECK(tvw.columns_kept == 707);
  CHECK(tvw.panels.front().rows == 707);
  CHECK(tvw.panels.back().columns == 7);
  CHECK(tvw.kept == 0.25);
  // At 50 % it is pure 2:4.
  const GemmWork pure = uniform_work({1, 512, 512}, {GemmKernel::tvw, 0.5, 128, 0});
  CHECK(pure.panels == std::vector<PanelGroup>{{512, 128, 4}});
  CHECK(pure.mean_run == 0);
}

TEST_CASE("imbalance spreads rows around the same mean") {
  const GemmWork work = uniform_work({1, 2048, 2048}, {GemmKernel::tw, 0.75, 128, 0.25});
  CHECK(columns_of(work) == 1024);
  double rows = 0;
  for (const PanelGroup& panel : work.panels) rows += static_cast<double>(panel.rows);
  CHECK(rows / static_cast<double>(work.panels.size()) == doctest::Approx(1024).epsilon(1e-3));
  CHECK(work.panels.front().rows > 1200);
  CHECK(work.panels.back().rows < 850);
}

TEST_CASE("patterns out of range are refused with what was expected") {
  const GemmShape shape{1, 64, 64};
  const auto uniform = [&](const UniformPattern& pattern) {
    return work_refusal([&] { uniform_work(shape, pattern); });
  };
  CHECK(uniform({GemmKernel::tw, 1, 64, 0}) ==
        "sparsity: found 1, expected a number from 0 to below 1");
  CHECK(uniform({GemmKernel::tw, -0.1, 64, 0}).starts_with("sparsity: found -0.1"));
  CHECK(uniform({GemmKernel::tvw, 0.4, 64, 0}) ==
        "sparsity: found 0.4, expected at least 0.5, because 2:4 alone drops half");
  CHECK(uniform({GemmKernel::tw, 0.5, 0, 0}).starts_with("width: found 0"));
  CHECK(uniform({GemmKernel::tw, 0.5, 64, 2}).starts_with("imbalance: found 2"));
  CHECK(uniform({GemmKernel::csr, 0.5, 64, 0}).starts_with("kernel: "));
  CHECK(work_refusal([] {
          dense_work({0, 1, 1});
        }) == "m: found 0, expected a whole number from 1 to 1e9");
  CHECK(work_refusal([&] { csr_work(shape, 1.5); }).starts_with("sparsity: found 1.5"));
  CHECK(work_refusal([&] { block_work(shape, 0.5, 0); }).starts_with("block: found 0"));
}

TEST_CASE("names of kernels read back") {
  for (const GemmKernel kernel : {GemmKernel::dense, GemmKernel::tw, GemmKernel::two_of_four,
                                  GemmKernel::tvw, GemmKernel::bw, GemmKernel::csr})
    CHECK(parse_gemm_kernel(to_string(kernel)) == kernel);
  CHECK_FALSE(parse_gemm_kernel("TW").has_value());
}
