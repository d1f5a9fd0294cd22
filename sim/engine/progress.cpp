#include "sim/engine/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/base/terminal.hpp"

namespace orrery::engine {

namespace {

std::string duration_text(double seconds) {
  if (seconds < 99.5) return fmt::format("{:.0f} s", seconds);
  if (seconds < 99.5 * 60) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.0f} h", seconds / 3600);
}

}  // namespace

std::string progress_text(const std::string& label, double fraction, std::uint64_t events,
                          double elapsed_seconds) {
  const double done = std::isnan(fraction) ? 0 : std::clamp(fraction, 0.0, 1.0);
  // Rounded down: 100 % means that nothing is left.
  std::string text = fmt::format("{} {:3.0f} %, {} events, {}", label, std::floor(done * 100),
                                 events, duration_text(elapsed_seconds));
  if (done > 0 && done < 1) {
    text += fmt::format(", about {} left", duration_text(elapsed_seconds * (1 - done) / done));
  }
  return text;
}

ProgressLine::ProgressLine(std::string label, std::function<double(const Progress&)> fraction_done,
                           std::FILE* stream)
    : label_(std::move(label)),
      fraction_done_(std::move(fraction_done)),
      stream_(stream),
      visible_(isatty(fileno(stream)) == 1),
      start_(Clock::now()),
      next_(start_) {}

ProgressLine::~ProgressLine() {
  if (!drawn_) return;
  base::say(stream_, "\r\x1b[K");
}

void ProgressLine::update(const Progress& progress) {
  if (!visible_) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string text =
      progress_text(label_, fraction_done_(progress), progress.events, elapsed);
  base::say(stream_, "\r\x1b[K" + base::printable(text));
  drawn_ = true;
}

}  // namespace orrery::engine
