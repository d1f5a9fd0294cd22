// What a person sees while runs are compared: one live line a run on a terminal, else one line
// when a run is over.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace orrery::experiment {

class ComparisonProgress {
 public:
  /// `total` runs are to be made; `show_live` and a terminal give the live lines.
  ComparisonProgress(std::size_t total, bool show_live, std::FILE* stream = stderr);
  /// Wipes the live lines.
  ~ComparisonProgress();
  ComparisonProgress(const ComparisonProgress&) = delete;
  ComparisonProgress& operator=(const ComparisonProgress&) = delete;

  void started(const std::string& run);
  /// `fraction` of its jobs are done.
  void advanced(const std::string& run, double fraction, std::uint64_t events);
  /// The run is over: prints `run: text` for good, with further lines indented below.
  void ended(const std::string& run, const std::string& text,
             const std::vector<std::string>& details = {});
  /// Seconds since `started`.
  double seconds(const std::string& run) const;
  /// Redraws the live lines, at most ten times a second.
  void refresh();

 private:
  using Clock = std::chrono::steady_clock;
  struct Run {
    Clock::time_point start;
    double fraction = 0;
    std::uint64_t events = 0;
  };
  void wipe();
  void draw();

  std::size_t total_;
  std::size_t over_ = 0;
  bool live_;
  std::FILE* stream_;
  std::map<std::string, Run> running_;
  std::size_t drawn_ = 0;
  Clock::time_point next_;
};

}  // namespace orrery::experiment
