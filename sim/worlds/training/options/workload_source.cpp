#include "sim/worlds/training/options/workload_source.hpp"

#include <algorithm>

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"

namespace orrery::training {

namespace {

using base::Error;
using base::Node;

/// The keys of a trace in any format.
struct TraceKeys {
  std::string format;
  std::string path;
  traces::OnBadRow on_bad_row = traces::OnBadRow::fail;
};
base::Declaration<TraceKeys> declare(const TraceKeys*) {
  base::Declaration<TraceKeys> d("A trace of jobs.");
  d.text("format", &TraceKeys::format,
         "layout of the file (orrery list traces), or auto: found out by its first line")
      .required();
  d.text("path", &TraceKeys::path,
         "the file, plain or gzip, relative to the experiment's; may begin with ${ORRERY_DATA}")
      .required();
  d.choice("on_bad_row", &TraceKeys::on_bad_row,
           {{"fail", traces::OnBadRow::fail}, {"skip", traces::OnBadRow::skip}},
           "a row that is no valid job stops the run, or is left out and counted");
  return d;
}

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

const traces::TraceFormat& format_named(const Node& name, const std::string& path) {
  const std::string word = base::detail::read_text(name);
  if (word == "auto") {
    if (const traces::TraceFormat* format = traces::detect_format(path)) return *format;
    throw Error(name.where, "the first line of '" + path +
                                "' fits no known format; name one (orrery list traces)");
  }
  if (const traces::TraceFormat* format = traces::find_format(word)) return *format;
  std::vector<std::string> known;
  std::string list;
  for (const traces::TraceFormat* format : traces::formats()) {
    known.push_back(format->name);
    list += ", " + format->name;
  }
  const std::string near = base::nearest(word, known);
  throw Error(name.where, "no trace format is called '" + word + "'" +
                              (near.empty() ? ", expected one of auto" + list
                                            : "; did you mean '" + near + "'?"));
}

const Node& required(const Node& node, const std::string& key) {
  if (const Node* found = node.find(key)) return *found;
  throw Error(node.where, "the required key '" + key + "' is missing");
}

base::DeclarationInfo trace_schema() {
  base::DeclarationInfo info = base::describe<TraceKeys>();
  for (const traces::TraceFormat* format : traces::formats()) {
    for (base::ParameterInfo option : format->options.parameters) {
      option.help += "; for " + format->name;
      option.required = false;
      const auto same =
          std::find_if(info.parameters.begin(), info.parameters.end(),
                       [&](const base::ParameterInfo& known) { return known.key == option.key; });
      if (same == info.parameters.end())
        info.parameters.push_back(std::move(option));
      else
        same->help += ", " + format->name;
    }
  }
  return info;
}

}  // namespace

TraceSource read_trace_source(const Node& node) {
  base::detail::check_mapping(node);
  const Node& format = required(node, "format");
  // A misspelt key is named before a key is missed.
  if (node.find("path") == nullptr) base::detail::check_keys(node, trace_schema().parameters);
  const Node& path = required(node, "path");
  base::detail::read_text(path);
  TraceSource source;
  source.where = node.where;
  if (format.text != "auto") format_named(format, "");
  source.options.path = resolve_existing_file(path);
  source.format = &format_named(format, source.options.path);

  const base::DeclarationInfo common = base::describe<TraceKeys>();
  base::DeclarationInfo known = common;
  append(known, source.format->options);
  base::detail::check_keys(node, known.parameters);
  source.options.on_bad_row = base::read<TraceKeys>(part(node, common)).on_bad_row;
  source.format_options = part(node, source.format->options);
  source.format->make(source.format_options);
  return source;
}

TraceSource trace_file(const std::string& path, const std::string& format,
                       const std::vector<std::string>& options) {
  Node node = base::empty_mapping({});
  const auto add = [&](const std::string& key, Node value) {
    const base::Where where = value.where;
    base::set_at(node, key, std::move(value), where);
  };
  add("format", base::scalar_node(format, {"--format " + format, 0, 0, ""}));
  for (const std::string& option : options) {
    const base::Where where{"--option " + option, 0, 0, ""};
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(where, "expected KEY=VALUE such as on_bad_row=skip");
    add(option.substr(0, equals), base::scalar_node(option.substr(equals + 1), where));
  }
  add("path", base::scalar_node(path));
  // What was given on the command line is named by its option, not by a key.
  for (base::Entry& entry : node.entries) entry.value.where.key.clear();
  return read_trace_source(node);
}

WorkloadSource read_workload_source(const Node& node) {
  base::detail::check_mapping(node);
  base::detail::check_keys(node, workload_schema().parameters);
  WorkloadSource source;
  source.where = node.where;
  const Node filter = part(node, base::describe<workloads::WorkloadFilter>());
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
  if (trace != nullptr) source.trace = read_trace_source(*trace);
  if (generate != nullptr) {
    source.philly = base::read<GenerateKeys>(*generate).philly;
    if (!source.philly)
      throw Error(generate->where, "expected a generator, 'philly: {}' with its options");
  }
  return source;
}

workloads::TrainingWorkload read_trace(const TraceSource& source) {
  return source.format->make(source.format_options)->read(source.options);
}

workloads::TrainingWorkload make_workload(const WorkloadSource& source, std::uint64_t seed) {
  workloads::TrainingWorkload workload =
      source.trace ? read_trace(*source.trace) : workloads::generate(*source.philly, seed);
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
  trace.members = std::make_shared<base::DeclarationInfo>(trace_schema());
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
