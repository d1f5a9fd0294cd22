// Prunings by name, and the products they leave.
#include "models/gemm/pruning.hpp"

#include <doctest/doctest.h>

#include <string>

#include "models/gemm/gemm_cost.hpp"
#include "tests/models/gemm/support.hpp"

using namespace orrery::models::gemm;
using orrery::base::Error;

namespace {

std::string pruning_refusal(const std::string& text) {
  try {
    parse_pruning(text, {"jobs.csv", 3, 7, ""});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a pruning is read back from its text") {
  for (const char* text : {"tw/0.75/128", "tvw/0.875/64", "2:4/0.5", "bw/0.6/32", "ew/0.9"})
    CHECK(to_text(parse_pruning(text, {})) == text);
  CHECK(parse_pruning("tw/0.5", {}).width == 128);
  CHECK(parse_pruning("bw/0.5", {}).width == 32);
  CHECK(parse_pruning("ew/0", {}) == Pruning{GemmKernel::csr, 0, 128});
}

TEST_CASE("a pruning that nobody can run is refused with its place") {
  CHECK(pruning_refusal("tw").find("expected a pattern, its sparsity") != std::string::npos);
  CHECK(pruning_refusal("tww/0.5").find("did you mean 'tw'") != std::string::npos);
  CHECK(pruning_refusal("tw/1").find("from 0 to below 1") != std::string::npos);
  CHECK(pruning_refusal("tw/-0.1").find("from 0 to below 1") != std::string::npos);
  CHECK(pruning_refusal("tw/nan").find("expected a") != std::string::npos);
  CHECK(pruning_refusal("2:4/0.75").find("just half") != std::string::npos);
  CHECK(pruning_refusal("tvw/0.25").find("2:4 alone drops half") != std::string::npos);
  CHECK(pruning_refusal("ew/0.5/64").find("expected a pattern") != std::string::npos);
  CHECK(pruning_refusal("tw/0.5/1.5").find("expected a pattern") != std::string::npos);
  CHECK(pruning_refusal("tw/0.5/64/2").find("jobs.csv") != std::string::npos);
}

TEST_CASE("the input gradient cannot use 2:4") {
  const GemmShape shape{1024, 1024, 1024};
  const Pruning two_of_four{GemmKernel::two_of_four, 0.5, 128};
  CHECK(input_gradient_work(shape, two_of_four).kernel == GemmKernel::dense);
  const GemmWork tvw = input_gradient_work(shape, {GemmKernel::tvw, 0.75, 128});
  CHECK(tvw.kernel == GemmKernel::tw);
  CHECK(tvw.kept == doctest::Approx(0.5));
  const Pruning tw{GemmKernel::tw, 0.75, 128};
  CHECK(input_gradient_work(shape, tw).panels == pruned_work(shape, tw).panels);
}
