// One line on a terminal that says how far a calibration is.
#pragma once

#include <string>

#include "calibrate/timing/session.hpp"

namespace orrery::calibrate::app {

/// `[######......] 41 %, about 70 s left, memory copy-64KiB, round 2 of 3`.
std::string progress_text(const SessionProgress& progress);

/// Writes on standard error where that is a terminal, and nothing anywhere else.
class ProgressBar {
 public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const SessionProgress& progress);
  /// Wipes the line, so that what follows begins at its start.
  void clear();

 private:
  bool terminal_;
  double shown_at_ = -1;  // seconds of the calibration
};

}  // namespace orrery::calibrate::app
