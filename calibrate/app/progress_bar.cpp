#include "calibrate/app/progress_bar.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "calibrate/timing/budget.hpp"
#include "models/base/terminal.hpp"

namespace orrery::calibrate::app {

namespace {

constexpr double kSecondsBetweenLines = 0.2;

}  // namespace

std::string progress_text(const SessionProgress& progress) {
  constexpr int kWidth = 24;
  const double whole = progress.elapsed_seconds + progress.seconds_left;
  const double fraction = whole > 0 ? std::clamp(progress.elapsed_seconds / whole, 0.0, 1.0) : 0;
  const int full = static_cast<int>(fraction * kWidth);
  return fmt::format("[{}{}] {:.0f} %, about {:.0f} s left, {} {}, round {} of {}",
                     std::string(static_cast<std::size_t>(full), '#'),
                     std::string(static_cast<std::size_t>(kWidth - full), '.'), fraction * 100,
                     std::ceil(progress.seconds_left), progress.kernel, progress.point,
                     progress.round, kRounds);
}

ProgressBar::ProgressBar() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  clear();
}

void ProgressBar::show(const SessionProgress& progress) {
  if (!terminal_) return;
  if (shown_at_ >= 0 && progress.elapsed_seconds < shown_at_ + kSecondsBetweenLines) return;
  shown_at_ = progress.elapsed_seconds;
  base::say(stderr, "\r\033[K" + progress_text(progress));
}

void ProgressBar::clear() {
  if (!terminal_ || shown_at_ < 0) return;
  shown_at_ = -1;
  base::say(stderr, "\r\033[K");
}

}  // namespace orrery::calibrate::app
