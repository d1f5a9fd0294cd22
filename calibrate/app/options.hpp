// What orrery-calibrate was asked to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "calibrate/kernels/kernel.hpp"

namespace orrery::calibrate::app {

struct Options {
  std::vector<std::string> kernels{"all"};
  Backend backend = Backend::cpu;
  double budget_seconds = 120;
  std::string out = "profiles";
  std::string device;  ///< empty: of what the system calls it
  int threads = 0;     ///< 0: all processors
  std::uint64_t seed = 1;
  bool force = false;
  std::string refit;    ///< a profile to fit anew; nothing is measured then
  std::string command;  ///< as it was given
};

/// Whether experiments and files can be named so: lower-case letters, digits, `.` and `-`,
/// beginning with a letter or digit.
bool is_device_name(const std::string& name);

}  // namespace orrery::calibrate::app
