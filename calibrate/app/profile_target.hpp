// Where a profile is written to: what may be replaced there.
#pragma once

#include <string>

namespace orrery::calibrate::app {

/// Throws base::Error where DIRECTORY/DEVICE.yaml or its raw measurements, DIRECTORY/DEVICE.csv,
/// are there and are not to be replaced: without `force`, or because they are something else than a
/// profile and measurements.
void check_profile_target(const std::string& directory, const std::string& device, bool force);

}  // namespace orrery::calibrate::app
