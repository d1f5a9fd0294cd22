// A progress line on a terminal. It looks at the machine's clock, and nothing of it flows back
// into the simulation.
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

#include "sim/engine/engine.hpp"

namespace orrery::engine {

/// One line of text: label, percentage, events and the time left as the rate so far predicts it.
/// `fraction` is clamped to 0..1.
std::string progress_text(const std::string& label, double fraction, std::uint64_t events,
                          double elapsed_seconds);

/// Redraws one line of a terminal at most ten times a second; silent where the stream is a file or
/// a pipe.
///
///   ProgressLine line("fifo", [&](const Progress&) { return double(finished) / jobs; });
///   engine.observe_progress(4096, [&](const Progress& p) { line.update(p); });
class ProgressLine {
 public:
  /// `fraction_done` tells how much of the run is over, 0..1.
  ProgressLine(std::string label, std::function<double(const Progress&)> fraction_done,
               std::FILE* stream = stderr);
  /// Wipes the line.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(const Progress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  std::string label_;
  std::function<double(const Progress&)> fraction_done_;
  std::FILE* stream_;
  bool visible_;
  bool drawn_ = false;
  Clock::time_point start_;
  Clock::time_point next_;
};

}  // namespace orrery::engine
