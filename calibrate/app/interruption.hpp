// Ctrl-C and SIGTERM as a question that the calibration asks between two repeats.
#pragma once

namespace orrery::calibrate::app {

/// From now on the first of the two signals only sets what stop_requested() says; the second ends
/// the process as it always does.
void watch_for_interruption();

bool stop_requested();

}  // namespace orrery::calibrate::app
