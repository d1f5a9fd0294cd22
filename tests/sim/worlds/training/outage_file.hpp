// Outages of nodes, given to a scenario as a failure trace.
#pragma once

#include <doctest/doctest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/sim/worlds/training/scenario.hpp"

namespace orrery::test {

/// A failure trace in a file of its own, gone with the object.
class OutageFile {
 public:
  explicit OutageFile(const std::string& rows)
      : path_(std::filesystem::temp_directory_path() / "orrery-outages-XXXXXX") {
    const int fd = mkstemp(path_.data());
    REQUIRE(fd >= 0);
    close(fd);
    std::ofstream(path_) << "node,down_seconds,up_seconds\n" << rows;
  }
  ~OutageFile() { std::filesystem::remove(path_); }
  OutageFile(const OutageFile&) = delete;
  OutageFile& operator=(const OutageFile&) = delete;

  void use_in(Scenario& scenario) const { scenario.platform.failures.emplace().trace_path = path_; }

 private:
  std::string path_;
};

}  // namespace orrery::test
