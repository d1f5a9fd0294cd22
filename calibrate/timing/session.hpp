// A calibration from its first repeat to its last: what is visited when, and what was measured.
//
// A session depends on its kernels, its clock and the rows it begins with, and on nothing else: one
// that goes on from the rows of an interrupted one ends with the rows of a whole one.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "calibrate/kernels/kernel.hpp"
#include "calibrate/timing/raw_rows.hpp"
#include "calibrate/timing/watch.hpp"

namespace orrery::calibrate {

struct SessionSettings {
  double budget_seconds = 120;  ///< shared alike by the kernels; one visit at most runs over it
  std::uint64_t seed = 1;
};

/// What to measure of one kernel.
struct KernelPoints {
  const Kernel* kernel = nullptr;
  std::vector<CalibrationPoint> points;
};

/// Where a session stands, for a progress bar.
struct SessionProgress {
  std::string kernel;
  std::string point;
  int round = 0;
  double elapsed_seconds = 0;  ///< of the whole calibration, earlier parts included
  double seconds_left = 0;     ///< estimated
};

/// What a session asks of the world around it. `keep` gets the rows of each finished visit.
struct SessionHooks {
  std::function<double()> clock;         ///< seconds since any moment
  std::function<bool()> stop_requested;  ///< asked between repeats
  std::function<void(std::span<const RawRow>)> keep;
  std::function<void(const SessionProgress&)> progress;
  Watch watch;  ///< system_watch() outside tests
};

/// What became of one kernel's points.
struct KernelTally {
  std::size_t planned = 0;
  std::size_t measured = 0;
  std::size_t skipped = 0;           ///< memory did not suffice
  std::size_t left_out = 0;          ///< the budget did not suffice
  std::string why_skipped;           ///< of the first of them
  std::size_t always_disturbed = 0;  ///< of the measured: too few undisturbed repeats for a time
};

struct SessionResult {
  std::vector<RawRow>
      rows;  ///< in the order of measuring, those given included; slow visits marked
  std::vector<KernelTally> tallies;
  double elapsed_seconds = 0;
};

/// Measures the points from where `rows` ends. Throws base::Error: interrupted where a stop was
/// requested, what a kernel throws where it fails, and one for rows that this session cannot have
/// written.
SessionResult run_session(std::span<const KernelPoints> kernels, std::vector<RawRow> rows,
                          const SessionSettings& settings, const SessionHooks& hooks);

}  // namespace orrery::calibrate
