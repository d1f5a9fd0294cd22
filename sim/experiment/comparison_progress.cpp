#include "sim/experiment/comparison_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "models/base/terminal.hpp"
#include "sim/engine/progress.hpp"

namespace orrery::experiment {

ComparisonProgress::ComparisonProgress(std::size_t total, bool show_live, std::FILE* stream)
    : total_(total),
      live_(show_live && isatty(fileno(stream)) == 1),
      stream_(stream),
      next_(Clock::now()) {}

ComparisonProgress::~ComparisonProgress() {
  wipe();
  std::fflush(stream_);
}

void ComparisonProgress::started(const std::string& run) {
  running_[run].start = Clock::now();
  refresh();
}

void ComparisonProgress::advanced(const std::string& run, double fraction, std::uint64_t events) {
  const auto found = running_.find(run);
  if (found == running_.end()) return;
  found->second.fraction = fraction;
  found->second.events = events;
  refresh();
}

double ComparisonProgress::seconds(const std::string& run) const {
  const auto found = running_.find(run);
  if (found == running_.end()) return 0;
  return std::chrono::duration<double>(Clock::now() - found->second.start).count();
}

void ComparisonProgress::ended(const std::string& run, const std::string& text,
                               const std::vector<std::string>& details) {
  running_.erase(run);
  ++over_;
  wipe();
  std::string said = fmt::format("[{}/{}] {}: {}\n", over_, total_, run, text);
  for (const std::string& line : details) said += "    " + line + "\n";
  base::say(stream_, base::printable(said));
  if (live_) draw();
  std::fflush(stream_);
}

void ComparisonProgress::refresh() {
  if (!live_ || Clock::now() < next_) return;
  next_ = Clock::now() + std::chrono::milliseconds(100);
  wipe();
  draw();
  std::fflush(stream_);
}

void ComparisonProgress::wipe() {
  // Up over the lines drawn last, and away with everything below.
  if (drawn_ > 0) base::say(stream_, fmt::format("\x1b[{}A\r\x1b[J", drawn_));
  drawn_ = 0;
}

void ComparisonProgress::draw() {
  for (const auto& [name, run] : running_) {
    base::say(stream_, base::printable(
                           engine::progress_text(name, run.fraction, run.events, seconds(name))) +
                           "\n");
    ++drawn_;
  }
}

}  // namespace orrery::experiment
