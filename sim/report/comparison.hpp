// Several runs of one experiment side by side: `comparison.json`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/report/summary.hpp"

namespace orrery::report {

/// One run of a comparison.
struct ComparedRun {
  std::string directory;  ///< relative to the comparison's directory, `fifo/1`
  Summary summary;
  Performance performance;
  std::optional<Distribution>
      jct_common;  ///< jobs that every compared policy finished (per seed and sweep point)
};

struct Comparison {
  static constexpr int kSchemaVersion = 1;
  std::string name;
  std::vector<ComparedRun> runs;
  std::vector<std::string> failed;  ///< directories of runs that did not finish, with the reason
};

/// Reads the run directories (relative to `root`), computes `jct_common` within each group of runs
/// with the same seed and sweep point (the path without the policy's component).
Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories);
std::string to_json(const Comparison& comparison);
Comparison read_comparison(const std::string& path);
/// A table for the terminal: one line a policy (means over seeds with a 95 % confidence interval
/// where there are several), speedups name their baseline (the first policy).
std::string to_table(const Comparison& comparison);

}  // namespace orrery::report
