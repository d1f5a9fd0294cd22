// What may go wrong with a device, told apart because the calibrator acts on it.
#pragma once

#include <string>

#include "models/base/error.hpp"

namespace orrery::calibrate {

/// Memory does not suffice for a point: it is skipped, and the profile says so.
class OutOfMemory : public base::Error {
 public:
  explicit OutOfMemory(std::string sentence)
      : Error({.file = {}, .line = 0, .column = 0, .key = "memory"}, std::move(sentence),
              base::Fault::run_failed) {}
};

/// The device is gone or failed: nothing more can be measured on it.
class DeviceLost : public base::Error {
 public:
  explicit DeviceLost(std::string sentence)
      : Error({.file = {}, .line = 0, .column = 0, .key = "device"}, std::move(sentence),
              base::Fault::run_failed) {}
};

}  // namespace orrery::calibrate
