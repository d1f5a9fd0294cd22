// Where an experiment's jobs come from: a trace or a generator, and which of them are kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/base/document.hpp"
#include "models/base/parameters.hpp"
#include "traces/trace_source.hpp"
#include "workloads/philly_generator.hpp"
#include "workloads/pruned_jobs.hpp"
#include "workloads/workload_filter.hpp"

namespace orrery::training {

/// `workload:` of an experiment: exactly one of trace and generator.
struct WorkloadSource {
  std::optional<traces::TraceSource> trace;
  std::optional<workloads::PhillyGenerator> philly;
  workloads::WorkloadFilter filter;
  std::vector<workloads::PruningRule> pruning;  ///< after the filter
  bool filtered = false;                        ///< whether the filter asks for anything
  base::Where where;
};

/// Reads the mapping. Throws base::Error for an unknown format or key, none or both of `trace` and
/// `generate`, or a trace file that cannot be read.
WorkloadSource read_workload_source(const base::Node& node);

/// The jobs. Throws base::Error for a bad trace, or when no job is left.
workloads::TrainingWorkload make_workload(const WorkloadSource& source, std::uint64_t seed);

/// The keys of `workload`, with the options of all trace formats.
base::DeclarationInfo workload_schema();

}  // namespace orrery::training
