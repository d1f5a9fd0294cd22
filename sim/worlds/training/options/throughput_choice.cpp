#include "sim/worlds/training/options/throughput_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "models/base/document_files.hpp"
#include "models/base/document_paths.hpp"
#include "models/throughput/pruned_throughput.hpp"
#include "traces/data_parallel_memory_reader.hpp"
#include "workloads/pruned_jobs.hpp"

namespace orrery::training {

namespace {

using base::Error;
using base::Node;

struct TableKeys {
  std::string format;
  std::string path;
};
base::Declaration<TableKeys> declare(const TableKeys*) {
  base::Declaration<TableKeys> d("A table of measured throughputs.");
  d.text("format", &TableKeys::format, "layout of the file (orrery list throughputs)").required();
  d.text("path", &TableKeys::path,
         "the file or folder, relative to the experiment's; may begin with ${ORRERY_DATA}")
      .required();
  return d;
}

enum class GpuTypes { preferred, binding };

struct ChoiceKeys {
  std::optional<TableChoice> table;
  std::optional<EstimatorChoice> estimator;
  std::vector<TableChoice> tables;
  GpuTypes gpu_types = GpuTypes::preferred;
  std::int32_t largest_gpus = 16;
  std::string data_parallel_memory;
};

base::DeclarationInfo joined(base::DeclarationInfo info, const base::DeclarationInfo& more) {
  info.parameters.insert(info.parameters.end(), more.parameters.begin(), more.parameters.end());
  return info;
}

base::DeclarationInfo table_schema() {
  base::DeclarationInfo info =
      joined(base::describe<TableKeys>(), base::describe<models::MeasuredRules>());
  for (const auto* format : traces::throughput_formats()) {
    for (base::ParameterInfo option : format->options.parameters) {
      option.help += "; for " + format->name;
      option.required = false;
      info.parameters.push_back(std::move(option));
    }
  }
  return info;
}

TableChoice read_table(const Node& node) {
  base::detail::check_mapping(node);
  static const base::DeclarationInfo known = table_schema();
  base::detail::check_keys(node, known.parameters);
  const base::DeclarationInfo keys = base::describe<TableKeys>();
  const base::DeclarationInfo rules = base::describe<models::MeasuredRules>();
  base::read<TableKeys>(part(node, keys));
  TableChoice choice;
  const Node& format = *node.find("format");
  choice.format = &traces::throughput_format_named(base::detail::read_text(format), format.where);
  base::detail::check_keys(node, joined(joined(keys, rules), choice.format->options).parameters);
  choice.path = choice.format->folder ? resolve_existing_folder(*node.find("path"))
                                      : resolve_existing_file(*node.find("path"));
  choice.format_options = part(node, choice.format->options);
  choice.rules = base::read<models::MeasuredRules>(part(node, rules));
  return choice;
}

std::vector<TableChoice> read_tables(const Node& node) {
  base::detail::check_sequence(node);
  if (node.items.empty()) throw Error(node.where, "is an empty list, expected at least one table");
  std::vector<TableChoice> tables;
  for (const Node& item : node.items) tables.push_back(read_table(item));
  return tables;
}

base::Declaration<ChoiceKeys> declare(const ChoiceKeys*) {
  base::Declaration<ChoiceKeys> d("How fast jobs that are counted in iterations run where.");
  d.custom(
       "table", "mapping", [](ChoiceKeys& out, const Node& n) { out.table = read_table(n); },
       "measured iteration times")
      .members(table_schema());
  d.custom(
       "tables", "list of mapping",
       [](ChoiceKeys& out, const Node& n) { out.tables = read_tables(n); },
       "several of them, instead of 'table': the first that knows a configuration answers")
      .members(table_schema());
  d.custom(
       "estimator", "mapping",
       [](ChoiceKeys& out, const Node& n) { out.estimator = read_estimator_choice(n); },
       "our estimates where no table knows; without a table everywhere")
      .members(estimator_schema());
  d.choice("gpu_types", &ChoiceKeys::gpu_types,
           {{"preferred", GpuTypes::preferred}, {"binding", GpuTypes::binding}},
           "whether policies that know throughputs may run a job on other GPU types than it asks "
           "for");
  d.integer("largest_gpus", &ChoiceKeys::largest_gpus, "most GPUs that a job may be given")
      .at_least(1);
  d.custom(
      "data_parallel_memory", "text",
      [](ChoiceKeys& out, const Node& n) { out.data_parallel_memory = resolve_existing_file(n); },
      "measured peak memory of data parallelism (CSV), for policies with decide_with: "
      "data_parallel");
  return d;
}

/// Distinct (model, batch, pruning) in order of first appearance, a pruned one followed by its
/// dense twin, and each job's.
struct Tasks {
  std::vector<models::TrainingTask> tasks;
  std::vector<models::TaskId> task_of;
};

Tasks tasks_of(const workloads::TrainingWorkload& workload) {
  Tasks out;
  using Key = std::tuple<std::size_t, std::int64_t, std::string_view>;
  std::map<Key, models::TaskId> known;
  const auto task_of = [&](const workloads::TrainingJob& job, std::string_view pruning) {
    const auto [found, fresh] =
        known.try_emplace(Key{job.model.index(), job.batch_samples, pruning}, out.tasks.size());
    if (fresh) {
      out.tasks.push_back({std::string(workload.names.text(job.model)), job.batch_samples});
      if (!pruning.empty()) out.tasks.back().pruning = models::gemm::parse_pruning(pruning, {});
    }
    return found->second;
  };
  for (const workloads::TrainingJob& job : workload.jobs) {
    models::TaskId task;
    if (job.iterations > 0 && !job.model.is_none()) {
      task = task_of(job, workload.names.text(job.pruning));
      if (!job.pruning.is_none()) task_of(job, "");
    }
    out.task_of.push_back(task);
  }
  return out;
}

std::vector<models::ThroughputType> types_of(const platform::Inventory& inventory) {
  std::vector<models::ThroughputType> types;
  for (const std::string& name : inventory.types) types.push_back({name, 1});
  for (const platform::NodeInfo& node : inventory.nodes) {
    if (node.gpus == 0) continue;
    std::int32_t& most = types[node.type.index()].gpus_per_node;
    most = std::max(most, node.gpus);
  }
  return types;
}

/// Who answers, in the order of the experiment: tables, then the estimator.
std::shared_ptr<const models::ThroughputSource> source_of(
    const ThroughputChoice& choice, std::shared_ptr<const EstimatorDevices> devices,
    const MeasuredSource& measured_source) {
  std::vector<std::shared_ptr<const models::ThroughputSource>> sources;
  for (const TableChoice& chosen : choice.tables) {
    auto table = std::make_shared<const models::ThroughputTable>(
        chosen.format->read(chosen.path, chosen.format_options));
    if (measured_source)
      sources.push_back(measured_source(std::move(table), chosen.rules));
    else
      sources.push_back(
          std::make_shared<models::MeasuredThroughput>(std::move(table), chosen.rules));
  }
  if (choice.estimator) {
    const auto estimates = make_estimator(std::move(devices));
    if (!sources.empty()) {
      const auto tables = std::make_shared<models::FirstThatKnows>(sources);
      sources.push_back(std::make_shared<models::PrunedThroughput>(tables, estimates));
    }
    sources.push_back(estimates);
  }
  if (sources.size() == 1) return sources.front();
  return std::make_shared<models::FirstThatKnows>(std::move(sources));
}

models::DataParallelMemory read_memory(const ThroughputChoice& choice) {
  if (choice.data_parallel_memory.empty())
    throw Error(choice.where,
                "has no 'data_parallel_memory', which a policy with decide_with: data_parallel "
                "needs; expected the path of a table of peak memory");
  return traces::read_data_parallel_memory(choice.data_parallel_memory);
}

void require_durations(const workloads::TrainingWorkload& workload) {
  for (const workloads::TrainingJob& job : workload.jobs) {
    if (job.iterations == 0 || job.duration_seconds > 0) continue;
    throw Error({workload.source, static_cast<int>(job.line), 0, ""},
                "job " + job.id +
                    " is counted in iterations and has no duration; tell the experiment how long "
                    "one takes: 'throughput: {table: {format: ..., path: ...}}'");
  }
}

/// Pruned jobs need somebody who knows what pruning changes.
void check_pruning(const std::optional<ThroughputChoice>& choice,
                   const workloads::TrainingWorkload& workload) {
  workloads::check_pruned_jobs(workload);
  const bool pruned =
      std::any_of(workload.jobs.begin(), workload.jobs.end(),
                  [](const workloads::TrainingJob& job) { return !job.pruning.is_none(); });
  if (pruned && (!choice || !choice->estimator))
    throw Error(choice ? choice->where : base::Where{workload.source, 0, 0, ""},
                "some jobs train pruned models, which no table of measurements knows; expected "
                "'throughput: {estimator: {}}', perhaps beside a table");
}

}  // namespace

ThroughputChoice read_throughput_choice(const Node& node) {
  ChoiceKeys keys = base::read<ChoiceKeys>(node);
  if (keys.table && !keys.tables.empty())
    throw Error(node.where, "found both 'table' and 'tables', expected one of them");
  if (!keys.table && keys.tables.empty() && !keys.estimator)
    throw Error(node.where,
                "names no source of throughputs; expected 'table' with its format and "
                "path, or 'estimator'");
  ThroughputChoice choice;
  choice.tables = std::move(keys.tables);
  if (keys.table) choice.tables.push_back(std::move(*keys.table));
  choice.estimator = std::move(keys.estimator);
  choice.types_are_preferences = keys.gpu_types == GpuTypes::preferred;
  choice.largest_gpus = keys.largest_gpus;
  choice.data_parallel_memory = std::move(keys.data_parallel_memory);
  choice.where = node.where;
  return choice;
}

std::vector<std::string> input_files(const ThroughputChoice& choice) {
  std::vector<std::string> files;
  for (const TableChoice& table : choice.tables) files.push_back(table.path);
  if (choice.estimator) {
    for (const ProfileChoice& profile : choice.estimator->profiles)
      files.push_back(profile.file.path);
    for (const std::string& file : {choice.estimator->costs, choice.estimator->collectives})
      if (!file.empty()) files.push_back(file);
  }
  if (!choice.data_parallel_memory.empty()) files.push_back(choice.data_parallel_memory);
  return files;
}

base::DeclarationInfo throughput_schema() {
  return base::describe<ChoiceKeys>();
}

std::optional<training::JobThroughputs> make_throughputs(
    const std::optional<ThroughputChoice>& choice, workloads::TrainingWorkload& workload,
    const platform::Inventory& inventory, std::shared_ptr<const EstimatorDevices> devices,
    const MeasuredSource& measured_source, DecideWith decide_with) {
  check_pruning(choice, workload);
  if (!choice) {
    require_durations(workload);
    return std::nullopt;
  }
  Tasks tasks = tasks_of(workload);
  training::JobThroughputs out;
  out.task_of = std::move(tasks.task_of);
  const auto source = source_of(*choice, std::move(devices), measured_source);
  const std::vector<models::ThroughputType> types = types_of(inventory);
  out.run = std::make_shared<models::Throughputs>(tasks.tasks, types, source);
  out.decide = out.run;
  if (decide_with == DecideWith::data_parallel) {
    auto fitting = std::make_shared<models::DataParallelThroughput>(source, read_memory(*choice));
    out.decide = std::make_shared<models::Throughputs>(std::move(tasks.tasks), types, fitting);
  }
  out.types_are_preferences = choice->types_are_preferences;
  training::set_durations(workload, out, inventory, choice->largest_gpus);
  return out;
}

}  // namespace orrery::training
