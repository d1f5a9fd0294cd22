// The results of one run, as summary.json and performance.json hold them: what is common to all
// runs, and a section of each world that describes itself.
//
// A run of one world has its figures in `summary.json` itself. A run of several has in
// `summary.json` what they share, and in a folder of each world's name a `summary.json` as that
// world alone would write it: such a folder reads as a run of one world.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/world/section.hpp"

namespace orrery::report {

/// One world's part.
struct WorldResult {
  std::string name;    ///< of the item in `worlds`; empty where the run has one world
  std::string kind;    ///< as registered, `training-cluster`
  std::string policy;  ///< the label of its choice
  world::Section section;
  /// Why the run is not complete though no horizon cut it: `3 of 10 jobs could never run to their
  /// end`; empty: nothing is missing.
  std::string left_undone = {};
};

/// The values of a sweep that a run has: dotted paths of keys with their values as written.
using SweepPoint = std::vector<std::pair<std::string, std::string>>;

/// `cluster.nodes[0].count=10,round=5 s`; empty without a sweep.
std::string point_text(const SweepPoint& point);

/// What holds of a run as a whole.
struct RunHead {
  std::string run_id;
  std::string name;    ///< of the experiment
  std::string policy;  ///< the label of the run: of its world, or of all of them together
  std::uint64_t seed = 0;
  SweepPoint point = {};
  std::uint64_t events = 0;
  double simulated_seconds = 0;  ///< clock at the end
  bool horizon_cut = false;
  /// Of this machine and this run; never deterministic, and kept apart in performance.json.
  double wall_seconds = 0;
  std::uint64_t peak_rss_bytes = 0;
};

struct RunSummary : RunHead {
  static constexpr int kSchemaVersion = 1;
  std::vector<WorldResult> worlds;
  /// Figures of the platform that several worlds share; none in a run of one world.
  std::vector<world::Figure> shared = {};

  bool several() const { return worlds.size() > 1; }
  /// The reasons of all worlds why the run is not complete, joined by `; `.
  std::string left_undone() const;
};

/// What all worlds left undone, joined by `; `.
template <class Worlds>
std::string joined_reasons(const Worlds& worlds) {
  std::string text;
  for (const auto& world : worlds) {
    if (world.left_undone.empty()) continue;
    if (!text.empty()) text += "; ";
    if (!world.name.empty()) text += world.name + ": ";
    text += world.left_undone;
  }
  return text;
}

/// The figures of a platform shared by the worlds of these names, without values:
/// `gpus_held.NAME`, the share of all available GPU time that a world held.
std::vector<world::Figure> shared_figures(const std::vector<std::string>& worlds);

/// The folder of a world's files below that of its run: empty where the run has one world.
std::string folder_of(const RunSummary& run, const WorldResult& world);

/// A file of a run, its name relative to the run's directory: `summary.json`,
/// `serving/summary.json`.
struct RunFile {
  std::string name;
  std::string text;
};

/// `summary.json`, and that of each world where there are several. Deterministic.
std::vector<RunFile> summary_files(const RunSummary& run);
/// The same of `performance.json`: what simulating took.
std::vector<RunFile> performance_files(const RunSummary& run);

/// Reads a run back, its sections by the declarations of their kinds. Throws base::Error where a
/// file is missing, damaged, of a future version or of a kind of world that is not known.
RunSummary read_run(const std::string& directory);

/// The lines of `orrery run`: `out` is where the results are.
std::string to_text(const RunSummary& run, const std::string& out);

}  // namespace orrery::report
