#include "sim/worlds/training/options/workload_source.hpp"

#include <fmt/format.h>

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"
#include "models/base/quantity.hpp"

namespace orrery::training {

namespace {

using base::Error;
using base::Node;

struct GenerateKeys {
  std::optional<workloads::PhillyGenerator> philly;
};
base::Declaration<GenerateKeys> declare(const GenerateKeys*) {
  base::Declaration<GenerateKeys> d("A generated workload, from the experiment's seed.");
  d.mapping("philly", &GenerateKeys::philly, "jobs like those of Microsoft's Philly clusters");
  return d;
}

void append(base::DeclarationInfo& to, const base::DeclarationInfo& from) {
  to.parameters.insert(to.parameters.end(), from.parameters.begin(), from.parameters.end());
}

/// The draws scatter about their mean: the last submission has to stay far before the end of time.
void check_span(const workloads::PhillyGenerator& philly, const base::Where& where) {
  constexpr double kLongestSpan = base::kLatestSecond / 10;
  if (static_cast<double>(philly.jobs) * philly.mean_interarrival_seconds <= kLongestSpan) return;
  throw Error(where, fmt::format("found {} jobs (jobs) that come every {} (mean_interarrival), "
                                 "expected at most 1e11 seconds in all",
                                 philly.jobs,
                                 base::format_quantity(philly.mean_interarrival_seconds,
                                                       base::Dimension::time)));
}

}  // namespace

WorkloadSource read_workload_source(const Node& node) {
  base::detail::check_mapping(node);
  static const base::DeclarationInfo known = workload_schema();
  base::detail::check_keys(node, known.parameters);
  WorkloadSource source;
  source.where = node.where;
  static const base::DeclarationInfo filters = base::describe<workloads::WorkloadFilter>();
  const Node filter = part(node, filters);
  source.filter = base::read<workloads::WorkloadFilter>(filter);
  source.filtered = !filter.entries.empty();
  if (const Node* pruning = node.find("pruning"))
    source.pruning = workloads::read_pruning_rules(*pruning);
  const Node* trace = node.find("trace");
  const Node* generate = node.find("generate");
  if ((trace == nullptr) == (generate == nullptr)) {
    throw Error(node.where, std::string("expected one of 'trace' and 'generate', found ") +
                                (trace == nullptr ? "neither" : "both"));
  }
  if (trace != nullptr) source.trace = traces::read_trace_source(*trace);
  if (generate != nullptr) {
    source.philly = base::read<GenerateKeys>(*generate).philly;
    if (!source.philly)
      throw Error(generate->where, "expected a generator, 'philly: {}' with its options");
    check_span(*source.philly, generate->where);
  }
  return source;
}

workloads::TrainingWorkload make_workload(const WorkloadSource& source, std::uint64_t seed) {
  workloads::TrainingWorkload workload =
      source.trace ? traces::read_trace(*source.trace) : workloads::generate(*source.philly, seed);
  if (workload.jobs.empty())
    throw Error(source.where, "found no job in " + workload.source + ", expected at least one");
  if (source.filtered) workload = workloads::select(workload, source.filter, source.where);
  workloads::prune_jobs(workload, source.pruning, seed);
  return workload;
}

base::DeclarationInfo workload_schema() {
  base::DeclarationInfo info;
  info.help = "What is run: one of 'trace' and 'generate', and which of its jobs.";
  base::ParameterInfo trace;
  trace.key = "trace";
  trace.type = "mapping";
  trace.help = "jobs from a file";
  trace.members = std::make_shared<base::DeclarationInfo>(traces::trace_source_schema());
  base::ParameterInfo generate;
  generate.key = "generate";
  generate.type = "mapping";
  generate.help = "jobs drawn at random from the seed";
  generate.members = std::make_shared<base::DeclarationInfo>(base::describe<GenerateKeys>());
  base::ParameterInfo pruning;
  pruning.key = "pruning";
  pruning.type = "mapping or list of mapping";
  pruning.help = "which jobs train a pruned model; of several rules the first that takes a job";
  pruning.members = std::make_shared<base::DeclarationInfo>(workloads::pruning_schema());
  info.parameters = {trace, generate};
  append(info, base::describe<workloads::WorkloadFilter>());
  info.parameters.push_back(pruning);
  return info;
}

}  // namespace orrery::training
