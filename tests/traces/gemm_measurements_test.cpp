// Measured matrix products: what is read and what is refused.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>

#include "tests/public_data.hpp"
#include "tests/traces/support.hpp"
#include "traces/gemm_measurements.hpp"

using namespace orrery;
using models::gemm::GemmKernel;

namespace {

const std::string kProductsHeader = "gpu,dtype,library,pattern,model,M,N,K,lat_us,tops\n";
// 2 * 64 * 1000 * 500 operations in 8 microseconds.
const std::string kProductRow = "A100,BF16,cuBLASLt,dense,BERT,64,1000,500,8,8\n";

std::vector<traces::GemmMeasurement> read_products(const std::string& rows) {
  const test::TemporaryFile file(kProductsHeader + rows);
  return traces::read_gemm_measurements(file.path());
}

/// The sentence with which these rows are refused, and its line.
std::pair<std::string, int> products_refusal(const std::string& rows) {
  try {
    read_products(rows);
  } catch (const base::Error& error) {
    return {error.where().key + ": " + error.sentence(), error.where().line};
  }
  return {"", 0};
}

}  // namespace

TEST_CASE("measured products are read in their order and units") {
  const auto rows =
      read_products(kProductRow + "H100,FP4,cuSPARSELt,2:4,SQUARE,64,64,64,2.5,0.2097152\n");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].gpu == "A100");
  CHECK(rows[0].kernel == GemmKernel::dense);
  CHECK(rows[0].shape == models::gemm::GemmShape{64, 1000, 500});
  CHECK(rows[0].seconds == doctest::Approx(8e-6));
  CHECK(rows[0].element_bytes() == 2);
  CHECK(rows[1].library == "cuSPARSELt");
  CHECK(rows[1].kernel == GemmKernel::two_of_four);
  CHECK(rows[1].model == "SQUARE");
  CHECK(rows[1].element_bytes() == 0.5);
}

TEST_CASE("rows that are not measured products are refused with their place") {
  CHECK(products_refusal(kProductRow + kProductRow) ==
        std::pair<std::string, int>{
            "M: the same product of the same model, GPU and library stands above", 3});
  const auto edited = [](const std::string& from, const std::string& to) {
    std::string row = kProductRow;
    row.replace(row.find(from), from.size(), to);
    return products_refusal(row).first;
  };
  CHECK(edited("A100", "") == "gpu: found an empty field, expected the name of a GPU");
  CHECK(edited("BF16", "FP12") ==
        "dtype: found 'FP12', expected one of BF16, FP16, INT8, FP8, FP4");
  CHECK(edited("dense", "1:4") == "pattern: found '1:4', expected dense or 2:4");
  CHECK(edited(",64,", ",0,") == "M: found '0', expected a whole number from 1 to 1e8");
  CHECK(edited(",1000,", ",1e3,") == "N: found '1e3', expected a whole number from 1 to 1e8");
  CHECK(edited(",500,", ",-5,") == "K: found '-5', expected a whole number from 1 to 1e8");
  CHECK(edited("8,8", "-8,8") == "lat_us: found '-8', expected microseconds above 0");
  CHECK(edited("8,8", "nan,8") == "lat_us: found 'nan', expected microseconds above 0");
  CHECK(edited("8,8", "8,inf") == "tops: found 'inf', expected a rate above 0");
  CHECK(edited("8,8", "8,9") == "tops: found '9', expected 2 M N K over the time, 8");
  CHECK(products_refusal("").first == ": has no row, expected at least one measured product");
}

TEST_CASE("the public table of measured products") {
  const std::string file = "gemm-shapes/dense_vs_24_measured.csv.gz";
  if (!test::available(file)) return;
  const auto rows = traces::read_gemm_measurements(test::data_path(file));
  CHECK(rows.size() == 9233);
  std::set<std::string> gpus;
  for (const auto& row : rows) gpus.insert(row.gpu);
  CHECK(gpus.size() == 6);
  CHECK(rows.front().seconds == doctest::Approx(17.08e-6));
}
