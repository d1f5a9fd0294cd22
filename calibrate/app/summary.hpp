// What a person reads at the end of a calibration.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "calibrate/timing/session.hpp"
#include "models/profile/profile.hpp"

namespace orrery::calibrate::app {

/// Device, one line for each variant with form, held-out error (against undisturbed times and
/// beside it against medians), spread of the repeats that were kept, what neighbours add and how
/// many repeats were set aside; what was skipped or left out, and a warning for each variant whose
/// fit is off or whose repeats spread too far.
std::string summary_text(const models::DeviceProfile& profile, const SessionResult& session,
                         std::span<const std::string> kernels,
                         std::span<const std::string> remarks);

}  // namespace orrery::calibrate::app
