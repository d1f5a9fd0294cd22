// `throughput:` of an experiment: how fast jobs that are counted in iterations run where.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "models/throughput/measured_throughput.hpp"
#include "sim/cluster/job_throughputs.hpp"
#include "sim/experiment/estimator_choice.hpp"
#include "traces/throughput_reader.hpp"
#include "workloads/training_job.hpp"

namespace orrery::experiment {

/// `table: {format: arena, path: ..., relaxed_locality: 0.9, ...}`.
struct TableChoice {
  const traces::ThroughputFormat* format = nullptr;
  std::string path;  ///< resolved
  base::Node format_options;
  models::MeasuredRules rules;
};

struct ThroughputChoice {
  std::optional<TableChoice> table;
  std::optional<EstimatorChoice> estimator;  ///< asked where the table does not know
  bool types_are_preferences = true;         ///< `gpu_types: preferred`; false: `binding`
  std::int32_t largest_gpus = 16;            ///< most GPUs a job may be given
  base::Where where;
};

/// Reads the mapping. Throws base::Error for an unknown format, a missing file and for a section
/// that names no source.
ThroughputChoice read_throughput_choice(const base::Node& node);

/// Every key of the section.
base::DeclarationInfo throughput_schema();

/// The throughputs of a workload on a platform, and durations for its jobs that are counted in
/// iterations (see cluster::set_durations); nothing without a choice. Throws base::Error for such
/// jobs where the experiment has no `throughput`, and for unreadable tables.
std::optional<cluster::JobThroughputs> make_throughputs(
    const std::optional<ThroughputChoice>& choice, workloads::TrainingWorkload& workload,
    const platform::Inventory& inventory);

}  // namespace orrery::experiment
