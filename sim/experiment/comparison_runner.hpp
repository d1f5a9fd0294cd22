// Several runs of one experiment side by side, each in a process of its own: SimGrid's engine is
// one per process, and a crash takes only its own run along.
#pragma once

#include <string>
#include <vector>

#include "sim/experiment/expansion.hpp"
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

/// A sweep over a hundred traces need not read all of them before its first run.
inline constexpr std::size_t kInputsCheckedFirst = 32;

struct CompareResult {
  report::Comparison comparison;
  std::string out;
  std::size_t made = 0;     ///< runs simulated by this call
  std::size_t resumed = 0;  ///< runs whose results were there already
};

/// Makes the runs that are missing, then writes `comparison.json` and `report.html`. Runs that fail
/// are reported with the end of their log and named in the comparison; the others go on.
///
/// Throws base::Error: bad input before anything is written, as far as documents and the first
/// kInputsCheckedFirst different inputs go (the inputs of further runs are read when their turn
/// comes, and a bad one fails its runs); Fault::interrupted after SIGINT or SIGTERM, with finished
/// runs kept for the next call.
CompareResult run_comparison(const CompareOptions& options);

/// Throws base::Error (run_failed) when some runs have no complete results.
void require_complete(const CompareResult& result);

}  // namespace orrery::experiment
