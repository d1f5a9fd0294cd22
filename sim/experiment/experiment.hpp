// An experiment: what one YAML file describes, and the runs it expands to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/base/document.hpp"
#include "sim/cluster/training_cluster.hpp"
#include "traces/trace_reader.hpp"
#include "workloads/philly_generator.hpp"

namespace orrery::experiment {

/// `stop: {at: exhaustion}`, `{seconds: N}` (simulated) or `{rounds: N}` (needs `round:`).
struct StopRule {
  std::optional<double> seconds;
  std::optional<std::int64_t> rounds;
};

/// One run: an experiment with nothing left to choose.
struct RunPoint {
  base::Node document;  ///< resolved: no extends, sweep, seeds or policies; defaults as written
  std::string run_id;   ///< first 16 hex digits of the SHA-256 of the resolved document
  std::string policy;   ///< label, or name
  std::uint64_t seed = 1;
  std::string sweep;      ///< `cluster.nodes[0].count=10,...`; empty without a sweep
  std::string directory;  ///< below a comparison's: `[sweep/]policy/seed`
};

/// Reads a file, follows `extends` (relative to the extending file; a cycle is an Error), applies
/// `--set path=value` texts in order, and checks the whole by its declarations.
base::Node load_document(const std::string& path, const std::vector<std::string>& sets);

/// The runs of a document: policies x seeds x sweep grid, in the order written. `policies` may be
/// narrowed by label or name.
std::vector<RunPoint> expand(const base::Node& document);

/// The whole experiment, typed; what `run_point` builds from and `validate` checks.
struct Experiment {
  std::string name;
  std::string description;
  cluster::TrainingClusterConfig cluster;
  base::Node workload;  ///< `workload:`, read by make_workload
  base::Node policy;    ///< `policy:`, read by the registered policy
  std::string policy_name;
  StopRule stop;
  std::uint64_t seed = 1;
};
/// Throws base::Error for anything that cannot be run.
Experiment read_experiment(const base::Node& document);

/// Reads the trace or generates the workload. Relative paths are taken from the folder of the file
/// that names them; `${ORRERY_DATA}` at the start of a path is the environment's, and an Error
/// says so when it is not set.
workloads::TrainingWorkload make_workload(const Experiment& experiment);

/// Simulates one point and writes its results into `out`; returns the exit code's fault if it could
/// not be finished. See run.cpp for the order of files and what an interruption leaves.
struct RunOptions {
  std::string out;
  bool force = false;
  bool trace = true;
  bool report = true;
  bool progress = true;  ///< only where standard error is a terminal
};
void run_point(const RunPoint& point, const RunOptions& options);

/// The documentation of every key, and its JSON Schema (`orrery schema`).
base::DeclarationInfo schema();

}  // namespace orrery::experiment
