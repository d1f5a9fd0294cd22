#include "tests/sim/experiment/files.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace orrery::experiment::test {

namespace fs = std::filesystem;

Files::Files() {
  std::string name = (fs::temp_directory_path() / "orrery-test-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Files::~Files() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Files::write(const std::string& name, const std::string& text) const {
  const fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string plain_experiment() {
  return "name: plain\n"
         "cluster: {nodes: [{count: 2, gpu: t4, gpus_per_node: 4}]}\n"
         "workload: {generate: {philly: {jobs: 20, largest_gpus: 8}}}\n";
}

}  // namespace orrery::experiment::test
