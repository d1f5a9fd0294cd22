#include "tests/models/profile/support.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

namespace orrery::tests {

using models::FittedCost;

models::DeviceProfile small_profile() {
  models::DeviceProfile p;
  p.device = "cpu-small";
  p.device_name = "A processor of this test: 2 cores, \"quick\" ones";
  p.backend = "cpu";
  p.hardware = {{"threads", 2}, {"memory_bytes", 8.0 * 1024 * 1024 * 1024}};
  p.provenance.date = "2026-01-02T03:04:05Z";
  p.provenance.command = "orrery-calibrate --backend cpu --budget 120";
  p.provenance.host = "Linux 6.1 x86_64, 2 threads";
  p.provenance.clocks = "2.1 GHz to 3.4 GHz as found";
  p.provenance.libraries = {{"orrery", "0.1.0"}, {"OpenBLAS", "0.3.21"}};
  FittedCost gemm;
  gemm.kernel = "gemm";
  gemm.variant = "dense";
  gemm.form = "slots of tiles over compute and memory";
  gemm.constants = {{"cache_bytes", 32e6}, {"depth_step", 256}};
  gemm.coefficients = {{"start_seconds", 2.5e-6}, {"flops_per_second", 1.0 / 3 * 1e11}};
  gemm.points = 48;
  gemm.held_out = {0.031, 0.094};
  gemm.repeats = {{0.012, 0.05}};
  FittedCost copy;
  copy.kernel = "memory";
  copy.variant = "copy";
  copy.form = "start + bytes / rate";
  copy.coefficients = {{"start_seconds", 0}, {"bytes_per_second", 11234567890.123}};
  copy.points = 12;
  copy.held_out = {0.02, 0.02};
  p.costs = {gemm, copy};
  return p;
}

std::string small_csv() {
  return "kernel,variant,point,seconds\ngemm,dense,1,0.5\ngemm,dense,2,0.25\nmemory,copy,1,1\n";
}

Folder::Folder() {
  static int made = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("orrery-profile-" + std::to_string(::getpid()) + "-" + std::to_string(made++));
  std::filesystem::create_directory(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string edited(std::string text, const std::string& old, const std::string& with) {
  const std::size_t at = text.find(old);
  REQUIRE_MESSAGE(at != std::string::npos, "the text has no '" << old << "'");
  return text.replace(at, old.size(), with);
}

}  // namespace orrery::tests
