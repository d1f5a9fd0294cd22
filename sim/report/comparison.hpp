// Several runs of one experiment side by side: `comparison.json`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/confidence.hpp"
#include "sim/report/run_summary.hpp"
#include "sim/report/uncertainty.hpp"

namespace orrery::report {

/// One set of samples of a run, in the blocks from which intervals are made; none where no column
/// says when subjects came.
struct SampleBlocks {
  std::string samples;  ///< their key
  Blocks blocks;
};

/// The common subjects of a run that have one word in a column, joined over those samples that
/// stand in the same file.
struct SubjectGroup {
  std::string word;  ///< empty: the column says nothing of them
  std::uint64_t count = 0;
  double amount = 0;         ///< sum
  std::vector<double> sums;  ///< of each set of samples, in the order of their declaration
};

/// One column of a breakdown.
struct BreakdownColumn {
  std::string name;
  std::vector<SubjectGroup> groups;
};

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
  std::vector<SampleBlocks> blocks = {};
  std::vector<BreakdownColumn> breakdowns = {};  ///< those that its file has
};

/// The subjects (jobs, requests) of one file of samples of a world, over all runs of a comparison.
struct CommonSubjects {
  std::size_t world = 0;     ///< its number
  std::string file;          ///< `jobs.csv`
  std::string noun;          ///< `jobs`
  std::string state;         ///< that they must have, `finished`; empty: none
  std::uint64_t common = 0;  ///< that have values in every run
  std::uint64_t all = 0;     ///< in the file of any run
  bool same = false;         ///< every run has values of the common ones alone

  /// Whether policies are ranked by what holds of them (ours: at least half of all): what is true
  /// of a few may be wrong of most.
  bool rank() const { return common > 0 && 2 * common >= all; }
};

/// One run of a comparison. Its samples are over the subjects that all runs have.
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
/// The same in words: the values that it has, else its directory.
std::string point_name(const ComparedRun& run);

/// The path of a file of one world of a run in a comparison at `root`.
std::string path_in(const std::string& root, const ComparedRun& run, const ComparedWorld& world,
                    const std::string& file);

struct Comparison {
  static constexpr int kSchemaVersion = 1;
  std::string name;
  std::vector<ComparedRun> runs;
  std::vector<CommonSubjects> common = {};
  Uncertainty uncertainty = {};
  std::vector<std::string> failed;  ///< directories of runs that did not finish, with the reason
};

/// Reads the run directories (`[sweep/]policy/seed`, relative to `root`) and pairs their samples.
/// Throws base::Error when a file of a run is missing or damaged.
Comparison compare_runs(const std::string& root, const std::vector<std::string>& directories,
                        const Uncertainty& uncertainty = {});

/// Of the samples with this key of world `number`; null where no file of them was read.
const CommonSubjects* common_of(const Comparison& comparison, std::size_t number,
                                const world::Samples& samples);
std::string to_json(const Comparison& comparison);
Comparison read_comparison(const std::string& path);

/// Tables for the terminal, one a world and sweep point: one line a policy (means over seeds with a
/// 95 % confidence interval where there are several), speedups name their baseline (the first
/// policy).
std::string to_table(const Comparison& comparison);

}  // namespace orrery::report
