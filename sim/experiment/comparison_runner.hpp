// Several runs of one experiment side by side, each in a process of its own: SimGrid's engine is
// one per process, and a crash takes only its own run along.
#pragma once

#include <string>
#include <vector>

#include "sim/experiment/expansion.hpp"
#include "sim/experiment/process_pool.hpp"
#include "sim/report/comparison.hpp"

namespace orrery::experiment {

struct CompareOptions {
  std::string program;  ///< the `orrery` that is started again for each run
  std::string file;
  std::vector<std::string> sets;
  Narrowing narrowing;
  std::string out;
  bool force = false;
  bool trace = true;     ///< runs write trace.json, where the experiment's records have it
  bool progress = true;  ///< live lines, where standard error is a terminal
  std::size_t jobs = 0;  ///< processes at once; 0: as many as there are cores
};

struct CompareResult {
  report::Comparison comparison;
  std::string out;
  std::size_t made = 0;     ///< runs simulated by this call
  std::size_t resumed = 0;  ///< runs whose results were there already
};

/// Makes the runs that are missing, then writes `comparison.json` and `report.html`. Runs that fail
/// are reported with the end of their log and named in the comparison; the others go on.
///
/// Throws base::Error: bad input before anything is written; Fault::interrupted after SIGINT or
/// SIGTERM, with finished runs kept for the next call.
CompareResult run_comparison(const CompareOptions& options);

/// The process that makes one run: it reads the run's own document from its standard input, so that
/// nothing is expanded or hashed again.
ProcessTask child_process(const CompareOptions& options, const RunPoint& point,
                          const std::string& out, const std::string& log);

/// Throws base::Error (run_failed) when some runs have no complete results.
void require_complete(const CompareResult& result);

}  // namespace orrery::experiment
