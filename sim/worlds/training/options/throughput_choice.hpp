// `throughput:` of an experiment: how fast jobs that are counted in iterations run where.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "models/throughput/measured_throughput.hpp"
#include "sim/worlds/training/job_throughputs.hpp"
#include "sim/worlds/training/options/estimator_choice.hpp"
#include "traces/throughput_reader.hpp"
#include "workloads/training_job.hpp"

namespace orrery::training {

/// `table: {format: arena, path: ..., relaxed_locality: 0.9, ...}`.
struct TableChoice {
  const traces::ThroughputFormat* format = nullptr;
  std::string path;  ///< resolved
  base::Node format_options;
  models::MeasuredRules rules;
};

struct ThroughputChoice {
  std::vector<TableChoice> tables;           ///< in this order: the first that knows answers
  std::optional<EstimatorChoice> estimator;  ///< asked where no table knows
  bool types_are_preferences = true;         ///< `gpu_types: preferred`; false: `binding`
  std::int32_t largest_gpus = 16;            ///< most GPUs a job may be given
  std::string data_parallel_memory;  ///< resolved; empty: none, so no policy may decide on it
  base::Where where;
};

/// Reads the mapping. Throws base::Error for an unknown format, a missing file and for a section
/// that names no source.
ThroughputChoice read_throughput_choice(const base::Node& node);

/// The files that the answers come from, those of a folder in order of their names: a run's id
/// depends on what they hold.
std::vector<std::string> input_files(const ThroughputChoice& choice);

/// Every key of the section.
base::DeclarationInfo throughput_schema();

/// Makes the source that answers from a table of measurements.
using MeasuredSource = std::function<std::shared_ptr<const models::ThroughputSource>(
    std::shared_ptr<const models::ThroughputTable>, const models::MeasuredRules&)>;

/// What a policy decides on: how fast jobs run with their best plan, or only where pure data
/// parallelism fits (`decide_with: best` or `data_parallel`). Jobs always run with their best plan.
enum class DecideWith { best, data_parallel };

/// The throughputs of a workload on a platform, and durations for its jobs that are counted in
/// iterations (see training::set_durations); nothing without a choice. Throws base::Error for such
/// jobs where the experiment has no `throughput`, for pruned jobs without an estimator, for
/// unreadable tables, and where a policy decides on data parallelism but `throughput` has no
/// `data_parallel_memory`. `devices` are those of its estimator. Without `measured_source` it is
/// models::MeasuredThroughput.
std::optional<training::JobThroughputs> make_throughputs(
    const std::optional<ThroughputChoice>& choice, workloads::TrainingWorkload& workload,
    const platform::Inventory& inventory, std::shared_ptr<const EstimatorDevices> devices = nullptr,
    const MeasuredSource& measured_source = {}, DecideWith decide_with = DecideWith::best);

}  // namespace orrery::training
