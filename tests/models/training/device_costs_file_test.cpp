// Fitted costs written and read back, and what a file must not say.
#include "models/training/device_costs_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "models/base/error.hpp"
#include "models/base/files.hpp"
#include "models/training/coefficients.hpp"

using namespace orrery;
using namespace orrery::models;

namespace {

class CostsFile {
 public:
  explicit CostsFile(const std::string& content)
      : path_(std::filesystem::temp_directory_path() /
              ("orrery-costs-" + std::to_string(::getpid()) + ".csv")) {
    base::write_file_atomically(path_.string(), content);
  }
  ~CostsFile() { std::filesystem::remove(path_); }
  DeviceCostsByType read() const { return read_device_costs(path_.string()); }

 private:
  std::filesystem::path path_;
};

std::string rows_refusal(const std::string& rows) {
  const CostsFile file("gpu_type,field,value\n" + rows);
  try {
    file.read();
  } catch (const base::Error& error) {
    return error.sentence();
  }
  return "";
}

}  // namespace

TEST_CASE("costs read back as they were written") {
  DeviceCosts costs = calibration_prior(*find_gpu("h100"));
  costs.sync_factor = 1.0 / 3;
  costs.kinds[3].half_samples = 2.5;
  costs.source = "a fit, held-out error 5 %";
  const CostsFile file(device_costs_csv({costs, calibration_prior(*find_gpu("a40"))}));
  const DeviceCostsByType read = file.read();
  REQUIRE(read.size() == 2);
  const DeviceCosts& h100 = read.at("h100");
  CHECK(h100.calibrated);
  CHECK(h100.source == costs.source);
  CHECK(h100.sync_factor == costs.sync_factor);
  CHECK(device_costs_csv({h100}) == device_costs_csv({costs}));

  CHECK(device_costs(*find_gpu("h100"), read).calibrated);
  const DeviceCosts unknown = device_costs(*find_gpu("t4"), read);
  CHECK_FALSE(unknown.calibrated);
  CHECK(device_costs_csv({unknown}) == device_costs_csv({data_sheet_costs(*find_gpu("t4"))}));
}

TEST_CASE("a costs file names what it got wrong") {
  CHECK(rows_refusal("h101,sync_factor,1\n") == "found 'h101', expected a GPU type of the catalog");
  CHECK(rows_refusal("h100,sink_factor,1\n") ==
        "found 'sink_factor', expected a field of device costs");
  CHECK(rows_refusal("h100,sync_factor,-1\n") == "found '-1', expected a number from 0 to 1e30");
  CHECK(rows_refusal("h100,sync_factor,fast\n") ==
        "found 'fast', expected a number from 0 to 1e30");
  CHECK(rows_refusal("h100,sync_factor,1\nh100,sync_factor,1\n") ==
        "sync_factor of h100 stands twice");
  CHECK(rows_refusal("") == "has no row, expected fitted costs of some GPU type");
}
