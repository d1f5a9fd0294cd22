// One calibration, from the kernels that were asked for to the profile on disk.
#pragma once

#include <string>

#include "calibrate/app/options.hpp"

namespace orrery::calibrate::app {

/// Measures, fits and writes the profile; returns what a person reads at the end. Throws
/// base::Error for whatever stands in the way, naming what to do about it.
std::string calibrate(const Options& options);

}  // namespace orrery::calibrate::app
