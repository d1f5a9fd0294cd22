// Several runs of one experiment side by side: `comparison.json`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/worlds/training/records/summary.hpp"

namespace orrery::report {

/// One run of a comparison.
struct ComparedRun {
  std::string directory;  ///< relative to the comparison's directory, `fifo/1`
  Summary summary;
  Performance performance;
  /// Completion times of the jobs that every compared policy finished, within the runs of the same
  /// seed and sweep point.
  std::optional<Distribution> jct_common;
};

/// The sweep point of a run: its directory without policy and seed; empty without a sweep.
std::string_view sweep_of(const ComparedRun& run);

struct Comparison {
  static constexpr int kSchemaVersion = 1;
  std::string name;
  std::vector<ComparedRun> runs;
  std::vector<std::string> failed;  ///< directories of runs that did not finish, with the reason
};

/// Reads the run directories (`[sweep/]policy/seed`, relative to `root`) and computes `jct_common`.
/// Throws base::Error when a file of a run is missing or damaged.
Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories);
std::string to_json(const Comparison& comparison);
Comparison read_comparison(const std::string& path);

/// A table for the terminal: one line a policy (means over seeds with a 95 % confidence interval
/// where there are several), speedups name their baseline (the first policy).
std::string to_table(const Comparison& comparison);

}  // namespace orrery::report
