// One run: from a resolved experiment to a directory of results.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/experiment/expansion.hpp"
#include "sim/report/run_summary.hpp"

namespace orrery::experiment {

struct RunOptions {
  std::string out;
  bool force = false;  ///< replace earlier results
  /// Files that the caller read: results are not written over them.
  std::vector<std::string> inputs;
  /// What the run's id has to be; another one means that a file changed since the caller looked.
  /// Empty: any.
  std::string expected_run_id;
  bool trace = true;     ///< write trace.json, where a world has one
  bool report = true;    ///< write report.html
  bool progress = true;  ///< a line on standard error, only where that is a terminal
  /// Told the fraction of the work done and the events so far, a few thousand events apart.
  std::function<void(double fraction, std::uint64_t events)> on_progress;
};

struct RunResult {
  report::RunSummary summary;
  std::string out;
};

/// Simulates one point and writes `experiment.yaml`, the records, `summary.json`,
/// `performance.json` and `report.html` into `out`. They are written into `out.partial`, which gets
/// its name when all of them are complete.
///
/// The id of the run is known only now, because it covers every file that was opened.
///
/// Throws base::Error: bad input before anything is written; Fault::interrupted after SIGINT or
/// SIGTERM, with the unfinished files and a file INTERRUPTED left in `out.partial`;
/// Fault::run_failed where the run could not go on, with those and a file FAILED, which says why.
RunResult run_point(const RunPoint& point, const RunOptions& options);

/// Throws base::Error (run_failed) when something could never be done; the results say what.
void require_complete(const RunResult& result);

}  // namespace orrery::experiment
