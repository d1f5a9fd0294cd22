// Several runs of one experiment side by side: `comparison.json`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/run_summary.hpp"

namespace orrery::report {

/// One world of a run that is compared: its values. What they are is declared once for all runs of
/// its kind, because there may be ten thousand.
struct ComparedWorld {
  std::string name, kind, policy;  ///< as in WorldResult
  /// Without values. Behind the figures of each section stand those of its samples.
  const world::Section* declared = nullptr;
  std::vector<std::optional<double>> figures, costs;          ///< as declared
  std::vector<std::vector<std::vector<world::Cell>>> tables;  ///< rows of each
  std::vector<std::string> notes;
  std::string left_undone = {};
};

/// One run of a comparison. Its samples are over the subjects that all runs of the same seed and
/// sweep point have.
struct ComparedRun {
  std::string directory;  ///< relative to the comparison's directory, `fifo/1`; empty: there itself
  RunHead summary;
  std::vector<ComparedWorld> worlds;
  std::vector<world::Figure> shared = {};

  bool several() const { return worlds.size() > 1; }
  /// As RunSummary has it.
  std::string left_undone() const;
};

/// A run as read from its own files, without values of its samples.
ComparedRun compared(std::string directory, RunSummary run);

/// The sweep point of a run: its directory without policy and seed; empty without a sweep.
std::string_view sweep_of(const ComparedRun& run);

/// The path of a file of one world of a run in a comparison at `root`.
std::string path_in(const std::string& root, const ComparedRun& run, const ComparedWorld& world,
                    const std::string& file);

struct Comparison {
  static constexpr int kSchemaVersion = 1;
  std::string name;
  std::vector<ComparedRun> runs;
  std::vector<std::string> failed;  ///< directories of runs that did not finish, with the reason
};

/// Reads the run directories (`[sweep/]policy/seed`, relative to `root`) and pairs their samples.
/// Throws base::Error when a file of a run is missing or damaged.
Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories);
std::string to_json(const Comparison& comparison);
Comparison read_comparison(const std::string& path);

/// Tables for the terminal, one a world and sweep point: one line a policy (means over seeds with a
/// 95 % confidence interval where there are several), speedups name their baseline (the first
/// policy).
std::string to_table(const Comparison& comparison);

}  // namespace orrery::report
