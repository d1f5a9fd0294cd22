// Profiles from published times: fitted to some, judged by the others, all of them beside it.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "calibrate/published/published_profile.hpp"
#include "models/base/error.hpp"
#include "models/gemm/gemm_cost.hpp"
#include "models/gemm/machine_profile.hpp"
#include "models/hardware/gpu_catalog.hpp"

using namespace orrery;
using namespace orrery::calibrate;
using models::gemm::GemmKernel;

namespace {

/// Times that a plain machine gives, of 5 x 4 x 2 shapes, dense and 2:4.
std::vector<traces::GemmMeasurement> table(const std::string& gpu) {
  models::gemm::GemmMachine machine;
  machine.name = "table";
  machine.multiprocessors = 108;
  machine.cache_bytes = 40e6;
  machine.memory_bytes_per_second = 1.935e12;
  machine.depth_step = 64;
  machine.tiles = models::gemm::gpu_tiles();
  machine.splits = {1, 2, 4};
  machine.dense.flops_per_second = 2.4e14;
  std::vector<traces::GemmMeasurement> rows;
  for (const GemmKernel kernel : {GemmKernel::dense, GemmKernel::two_of_four})
    for (const std::int64_t m : {64, 256, 1024, 4096, 16384})
      for (const std::int64_t n : {1024, 2048, 4096, 8192})
        for (const std::int64_t k : {1024, 4096}) {
          traces::GemmMeasurement row;
          row.gpu = gpu;
          row.dtype = "BF16";
          row.library = kernel == GemmKernel::dense ? "cuBLASLt" : "cuSPARSELt";
          row.kernel = kernel;
          row.shape = {m, n, k};
          row.seconds = models::gemm::gemm_cost(kernel == GemmKernel::dense
                                                    ? models::gemm::dense_work(row.shape)
                                                    : models::gemm::two_of_four_work(row.shape),
                                                machine)
                            .seconds;
          rows.push_back(row);
        }
  return rows;
}

PublishedOptions options() {
  PublishedOptions chosen;
  chosen.points = 12;
  chosen.source = "a table of this test";
  chosen.command = "gemm_published_profile table";
  return chosen;
}

template <class Call>
std::string refusal(Call&& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a published table becomes a profile whose errors are on what was not fitted") {
  const auto rows = table("A100_80GB_PCIe");
  const PublishedProfile made = published_profile(rows, "a100-80g-pcie", options());
  const models::DeviceProfile& profile = made.profile;
  CHECK(profile.device == "a100-80g-pcie");
  CHECK(profile.device_name == "NVIDIA A100 PCIe 80GB");
  CHECK(profile.backend == "cuda");
  CHECK(profile.provenance.measured_by == models::MeasuredBy::others);
  CHECK(profile.provenance.host == "a table of this test");
  REQUIRE(profile.costs.size() == 2);
  for (const models::FittedCost& cost : profile.costs) {
    CHECK(cost.kernel == "gemm");
    CHECK(cost.points == 12);
    CHECK(cost.form.ends_with("+ residuals"));
    CHECK(cost.held_out.median < 0.1);
    CHECK(!cost.repeats.has_value());
  }
  CHECK(std::count(made.raw_csv.begin(), made.raw_csv.end(), '\n') == 81);
  std::size_t fitted = 0;
  for (std::size_t at = made.raw_csv.find(",fitted\n"); at != std::string::npos;
       at = made.raw_csv.find(",fitted\n", at + 1))
    ++fitted;
  CHECK(fitted == 24);
  const auto machine = models::gemm::gemm_machine(profile);
  REQUIRE(machine.has_value());
  CHECK(machine->dense_residuals.shapes().size() == 12);
  CHECK(machine->two_of_four_residuals.shapes().size() == 12);
  CHECK(machine->memory_bytes_per_second ==
        models::find_gpu("a100-80g-pcie")->memory_bytes_per_second.value);
  for (const traces::GemmMeasurement& row : rows)
    if (row.kernel == GemmKernel::dense)
      CHECK(models::gemm::gemm_cost(models::gemm::dense_work(row.shape), *machine).seconds ==
            doctest::Approx(row.seconds).epsilon(0.3));
}

TEST_CASE("other types of numbers and other GPUs leave a profile as it is") {
  auto rows = table("A100_80GB_PCIe");
  const PublishedProfile made = published_profile(rows, "a100-80g-pcie", options());
  for (const traces::GemmMeasurement& row : table("H100_PCIe")) rows.push_back(row);
  for (traces::GemmMeasurement row : table("A100_80GB_PCIe")) {
    row.dtype = "INT8";
    row.seconds /= 2;
    rows.push_back(row);
  }
  CHECK(published_profile(rows, "a100-80g-pcie", options()).raw_csv == made.raw_csv);
}

TEST_CASE("a shape that stands under two models counts once, by the geometric mean") {
  auto rows = table("A100_80GB_PCIe");
  auto again = rows;
  for (traces::GemmMeasurement& row : again) row.seconds *= 4;
  for (traces::GemmMeasurement& row : rows) {
    row.seconds *= 2;
  }
  const std::string twice = published_profile(rows, "a100-80g-pcie", options()).raw_csv;
  for (traces::GemmMeasurement& row : rows) row.seconds /= 2;
  rows.insert(rows.end(), again.begin(), again.end());
  const std::string joined = published_profile(rows, "a100-80g-pcie", options()).raw_csv;
  CHECK(std::count(joined.begin(), joined.end(), '\n') == 81);
  CHECK(joined.substr(0, 60) == twice.substr(0, 60));
}

TEST_CASE("every device that is known is of the catalog, and no other is taken") {
  for (const std::string& device : published_devices()) CHECK(models::find_gpu(device) != nullptr);
  CHECK(refusal([] { published_profile({}, "a100-80g", options()); }) ==
        "device: found 'a100-80g', expected one with published products: a100-80g-pcie, b200, "
        "h100-pcie");
  CHECK(refusal([] { published_profile(table("B200"), "h100-pcie", options()); }) ==
        "a table of this test: gpu: found 0 dense products of H100_PCIe in BF16, expected more "
        "than the 12 that are fitted");
}
